//! Simplified Chinese: the page of operators.

use crate::shape::operators::OperatorWords;

pub(super) const WORDS: OperatorWords = OperatorWords {
    title: "操作员",
    lead: "登录此控制台的人员及其权限。",
    add_operator: "添加操作员",
    add_operator_help: "您会得到一个链接，新操作员用它选择密码。",
    operator_role: "角色",
    role_owner: "所有者",
    role_admin: "管理员",
    role_viewer: "只读",
    role_owner_help: "所有者：全部权限，包括操作员",
    role_admin_help: "管理员：所有应用数据",
    role_viewer_help: "只读：仅可查看",
    state: "状态",
    state_active: "启用",
    state_pending: "等待设置",
    state_disabled: "已禁用",
    last_sign_in: "上次登录",
    change_role: "更改角色",
    reset_password: "重置密码",
    disable: "禁用",
    enable: "启用",
    disable_question: |name| format!("{name} 将无法登录，其会话立即结束，尚未完成的任务被取消。"),
    reset_question: |name| format!("{name} 的密码立即失效，会话结束，尚未完成的任务被取消。您会得到一个链接，供其选择新密码。"),
    setup_link: "设置链接",
    setup_link_for: |name| format!("将此链接发送给 {name}："),
    setup_link_once: "此链接只显示这一次，24 小时内可使用一次。",
    setup_link_gone: "链接只显示一次。如需新链接，请重置密码。",
    copy_link: "复制链接",
    made_credentials: |_, number| format!("该操作员创建的 {number} 个 API 凭证仍然有效："),
};
