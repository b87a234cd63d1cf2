//! Korean: signing in, and setting up an operator.

use crate::shape::sign_in::SignInWords;

pub(super) const WORDS: SignInWords = SignInWords {
    title: "로그인",
    name: "이름",
    password: "비밀번호",
    not_set_up: "아직 로그인할 수 있는 소유자가 없습니다. 서버가 터미널에 표시한 설정 링크를 여세요.",
    set_up: "설정",
    set_up_first: "이 서버를 소유할 첫 운영자의 이름과 비밀번호를 정하세요.",
    set_up_operator: |name| format!("{name}의 비밀번호를 정하세요."),
    set_up_button: "설정하고 로그인",
    new_password: "새 비밀번호",
    repeat_password: "비밀번호 다시 입력",
    password_help: |n| format!("{n}자 이상. 기호보다 단어 몇 개를 이어 쓰는 편이 좋습니다."),
    came_back: "다시 로그인되었고 입력한 내용이 복원되었습니다. 확인한 뒤 보내세요.",
};
