//! Simplified Chinese: signing in, and setting up an operator.

use crate::shape::sign_in::SignInWords;

pub(super) const WORDS: SignInWords = SignInWords {
    title: "登录",
    name: "名称",
    password: "密码",
    not_set_up: "还没有可以登录的所有者。请打开服务器在终端中显示的设置链接。",
    set_up: "设置",
    set_up_first: "为第一位操作员（此服务器的所有者）选择名称和密码。",
    set_up_operator: |name| format!("为 {name} 选择密码。"),
    set_up_button: "设置并登录",
    new_password: "新密码",
    repeat_password: "再次输入密码",
    password_help: |n| format!("至少 {n} 个字符。几个连在一起的词比符号更好。"),
    came_back: "您已重新登录，之前填写的内容已恢复。请检查后提交。",
};
