//! Names of the sample accounts: a part for the username beside each way of writing it. Any likeness is chance.

pub(super) const LATIN_GIVEN: [(&str, &str); 48] = [
    ("anna", "Anna"), ("lukas", "Lukas"), ("sofia", "Sofía"), ("mateo", "Mateo"), ("chloe", "Chloé"), ("hugo", "Hugo"),
    ("emma", "Emma"), ("noah", "Noah"), ("ines", "Inês"), ("tiago", "Tiago"), ("freya", "Freya"), ("oskar", "Oskar"),
    ("zoe", "Zoë"), ("milan", "Milan"), ("klara", "Klára"), ("jakub", "Jakub"), ("maeve", "Maeve"), ("liam", "Liam"),
    ("giulia", "Giulia"), ("marco", "Marco"), ("astrid", "Åstrid"), ("bjorn", "Bjørn"), ("elif", "Elif"), ("emre", "Emre"),
    ("nadia", "Nadia"), ("omar", "Omar"), ("priya", "Priya"), ("arjun", "Arjun"), ("grace", "Grace"), ("samuel", "Samuel"),
    ("olivia", "Olivia"), ("ethan", "Ethan"), ("camille", "Camille"), ("jules", "Jules"), ("greta", "Greta"), ("felix", "Felix"),
    ("lucia", "Lucía"), ("diego", "Diego"), ("amelie", "Amélie"), ("theo", "Théo"), ("ida", "Ida"), ("nils", "Nils"),
    ("maya", "Maya"), ("kofi", "Kofi"), ("amina", "Amina"), ("david", "David"), ("ruth", "Ruth"), ("peter", "Peter"),
];

pub(super) const LATIN_FAMILY: [(&str, &str); 40] = [
    ("kowalska", "Kowalska"), ("mueller", "Müller"), ("garcia", "García"), ("fernandez", "Fernández"), ("dubois", "Dubois"),
    ("lefevre", "Lefèvre"), ("jones", "Jones"), ("silva", "Silva"), ("santos", "Santos"), ("larsen", "Larsen"),
    ("lindqvist", "Lindqvist"), ("novak", "Novák"), ("svoboda", "Svoboda"), ("murphy", "Murphy"), ("obrien", "O’Brien"),
    ("rossi", "Rossi"), ("ferrari", "Ferrari"), ("sorensen", "Sørensen"), ("yildiz", "Yıldız"), ("demir", "Demir"),
    ("haddad", "Haddad"), ("sharma", "Sharma"), ("mehta", "Mehta"), ("mensah", "Mensah"), ("okafor", "Okafor"),
    ("carter", "Carter"), ("bennett", "Bennett"), ("walsh", "Walsh"), ("moreau", "Moreau"), ("petit", "Petit"),
    ("schmidt", "Schmidt"), ("wagner", "Wagner"), ("romero", "Romero"), ("torres", "Torres"), ("bakker", "Bakker"),
    ("visser", "Visser"), ("horvath", "Horváth"), ("nagy", "Nagy"), ("brooks", "Brooks"), ("hayes", "Hayes"),
];

pub(super) const CHINESE_FAMILY: [(&str, &str); 20] = [
    ("wang", "王"), ("li", "李"), ("zhang", "张"), ("liu", "刘"), ("chen", "陈"), ("yang", "杨"), ("zhao", "赵"), ("huang", "黄"),
    ("zhou", "周"), ("wu", "吴"), ("xu", "徐"), ("sun", "孙"), ("hu", "胡"), ("zhu", "朱"), ("gao", "高"), ("lin", "林"), ("he", "何"),
    ("guo", "郭"), ("ma", "马"), ("ouyang", "欧阳"),
];

pub(super) const CHINESE_GIVEN: [(&str, &str); 36] = [
    ("xiaoming", "小明"), ("wei", "伟"), ("fang", "芳"), ("na", "娜"), ("jing", "静"), ("lei", "磊"), ("yang", "洋"), ("yan", "艳"),
    ("ting", "婷"), ("haoran", "浩然"), ("zixuan", "子轩"), ("yuxuan", "雨轩"), ("mengyao", "梦瑶"), ("siqi", "思琪"), ("jiahui", "佳慧"),
    ("yifan", "一凡"), ("xinyi", "欣怡"), ("zihan", "子涵"), ("yutong", "雨桐"), ("ruoxi", "若曦"), ("tianyu", "天宇"), ("zhiqiang", "志强"),
    ("jianguo", "建国"), ("xiuying", "秀英"), ("haiyan", "海燕"), ("junjie", "俊杰"), ("mingyuan", "明远"), ("shuting", "淑婷"), ("kexin", "可欣"),
    ("yichen", "奕辰"), ("muchen", "沐宸"), ("shiyun", "诗韵"), ("chenxi", "晨曦"), ("wenbo", "文博"), ("anqi", "安琪"), ("lingyun", "凌云"),
];

pub(super) const KOREAN_FAMILY: [(&str, &str); 14] = [
    ("kim", "김"), ("lee", "이"), ("park", "박"), ("choi", "최"), ("jung", "정"), ("kang", "강"), ("cho", "조"), ("yoon", "윤"),
    ("jang", "장"), ("lim", "임"), ("han", "한"), ("oh", "오"), ("seo", "서"), ("shin", "신"),
];

pub(super) const KOREAN_GIVEN: [(&str, &str); 36] = [
    ("minjun", "민준"), ("seoyeon", "서연"), ("jiwoo", "지우"), ("hayoon", "하윤"), ("dohyun", "도현"), ("sora", "소라"), ("yuna", "유나"),
    ("jihoon", "지훈"), ("eunji", "은지"), ("hyejin", "혜진"), ("sungmin", "성민"), ("taeyang", "태양"), ("boram", "보람"), ("areum", "아름"),
    ("haneul", "하늘"), ("jisoo", "지수"), ("minseo", "민서"), ("chaewon", "채원"), ("sihyun", "시현"), ("yejun", "예준"), ("gaeun", "가은"),
    ("dain", "다인"), ("woojin", "우진"), ("hyunwoo", "현우"), ("subin", "수빈"), ("nari", "나리"), ("seungho", "승호"), ("youngmi", "영미"),
    ("kyungsoo", "경수"), ("daeun", "다은"), ("jiho", "지호"), ("eunwoo", "은우"), ("sehee", "세희"), ("yerin", "예린"), ("junseo", "준서"),
    ("mina", "미나"),
];

/// Where people live; at most 16 bytes each.
pub(super) const PLACES: [[&str; 6]; 3] = [
    ["Lisbon", "Berlin", "Kraków", "Dublin", "Göteborg", "Toronto"],
    ["深圳", "上海", "北京", "成都", "杭州", "广州"],
    ["서울", "부산", "대전", "제주", "인천", "광주"],
];

/// What's Up.
pub(super) const SIGNATURES: [[&str; 7]; 3] = [
    [
        "Coffee first.",
        "On parental leave until May, please write to Hugo.",
        "Trains > planes",
        "Usually answers within the hour 🙂",
        "Learning Korean, slowly.",
        "Out for a run.",
        "“Simple is better than complex.”",
    ],
    ["今天也要加油！", "出差中，回复较慢", "慢慢来，比较快", "爱生活，爱火锅 🍲", "在路上", "请留言，稍后回复。", "周末爬山，有人一起吗？"],
    ["오늘도 화이팅!", "회의 중입니다. 나중에 연락드릴게요.", "커피 한 잔의 여유 ☕", "천천히, 꾸준히", "이번 주는 재택근무입니다", "여행을 좋아해요", "메시지 남겨 주세요"],
];
