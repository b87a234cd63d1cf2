//! Simplified Chinese: calls of the REST API, ready to copy.

use crate::shape::api_calls::ApiCallWords;

pub(super) const WORDS: ApiCallWords = ApiCallWords {
    title: "调用示例",
    lead: "本应用的 REST API 调用，可直接在命令行中执行。",
    reference: "全部接口",
    placeholders: "请替换大写的占位符。",
    first_credential: "请先创建凭证",
    call_token: "获取 token",
    call_keep: "保存 token，供后续调用使用",
    call_groups: "获取群组列表",
    call_create: "创建群组",
    call_add: "添加成员",
    call_send: "向群组发送消息",
    show_call: "此列表的 API 调用",
    this_list: "此列表",
    without_filter: "API 返回全部数据，本页的搜索、筛选和排序不适用于该调用。",
    from_first_page: "该调用从此列表的第一页开始返回。",
    how_to_token: "如何获取 token",
};
