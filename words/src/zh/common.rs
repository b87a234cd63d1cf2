//! Simplified Chinese: buttons and short words that many pages share.

use crate::shape::common::CommonWords;

pub(super) const WORDS: CommonWords = CommonWords {
    close: "关闭",
    dismiss: "关闭提示",
    copied: "已复制",
    cancel: "取消",
    ok: "确定",
    confirm: "确认",
    save: "保存",
    apply: "筛选",
    clear: "清除",
    required: "必填",
    none: "无",
    never: "从未",
    operation: "操作",
    edit: "编辑",
    delete: "删除",
    download: "下载",
    view_details: "查看详情",
    created: "创建时间",
    of_bytes: |n, max| format!("{n} / {max} 字节"),
    of_chars: |n, max| format!("{n} / {max} 个字符"),
    copy_of: |text| format!("复制 {text}"),
    action_of: |action, name| format!("{action}：{name}"),
    yes: "是",
    no: "否",
};
