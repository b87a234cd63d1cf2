//! Korean: the settings of an app.

use crate::shape::settings::SettingWords;

pub(super) const WORDS: SettingWords = SettingWords {
    title: "설정",
    lead: "화면과 백엔드에서 이 앱을 부르는 이름입니다.",
    app_ids: "앱",
    admin_accounts: "관리자 계정",
    admins_of_max: |n, max| format!("{n} / {max}"),
    account_passwords: "계정 비밀번호",
    account_passwords_help: "이제부터 REST API로 설정하는 비밀번호에 적용됩니다. 1~64. 이미 설정된 비밀번호는 그대로 쓸 수 있습니다.",
    password_min_chars: "최소 글자 수",
    passwords_saved: "설정을 저장했습니다.",
    general: "일반",
};
