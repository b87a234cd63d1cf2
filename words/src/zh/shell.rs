//! Simplified Chinese: the frame around every page: navigation, theme, and what stands there when there is no page.

use crate::shape::shell::ShellWords;

pub(super) const WORDS: ShellWords = ShellWords {
    skip_to_content: "跳到内容",
    menu: "菜单",
    navigation: "主导航",
    breadcrumb: "当前位置",
    language: "语言",
    theme: "主题",
    theme_auto: "跟随系统",
    theme_light: "浅色",
    theme_dark: "深色",
    all_apps: "所有应用",
    switch_app: |app| format!("应用 {app}：切换"),
    signed_in_as: |name| format!("已登录：{name}"),
    sign_out: "退出登录",
    plain_http: "其他机器通过未加密的 HTTP 访问本服务器，途经网络中的任何人都能读到密码。请在前面部署带 TLS 的反向代理并设置 ROSTER_PUBLIC_URL，方法见 README。",
    hide: "隐藏",
    owners_only: "只有所有者可以管理操作员。",
    viewer_only_reads: "您的角色是只读，不能更改。",
    not_found: "找不到页面",
    not_found_help: "此地址没有内容。它可能已被删除，或链接不完整。",
    back_to_start: "回到列表开头",
    back_to_list: "返回列表",
    back_to_apps: "返回应用",
    loading: "正在加载…",
    try_again: "重试",
};
