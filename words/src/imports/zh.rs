//! Imports in Chinese.

use domain::{
    import::{ConflictMode, ImportList, Trouble},
    upload::{FileProblem, ImportEncoding},
};

use super::{ImportWords, one_of};
use crate::{
    format::{number, size},
    group_model,
};

pub const ZH: ImportWords = ImportWords {
    import: "导入",
    title: |list| match list {
        ImportList::Accounts => "导入帐号",
        ImportList::Groups => "导入群组",
        ImportList::Members => "导入群成员",
    },
    rows: |_, n| format!("{} 行", number(n)),
    lead: "在您确认文件将带来的变更之前，不会写入任何内容。",
    file: "文件",
    file_help: |bytes, rows| format!("CSV、XLSX（第一个工作表）或 JSON Lines。最大 {bytes}，最多 {rows} 行。"),
    encoding: "文本编码",
    encoding_help: "仅用于 CSV 和 JSON Lines。UTF-16 可自动识别。",
    encoding_name: |encoding| match encoding {
        ImportEncoding::Auto => "自动",
        ImportEncoding::Utf8 => "UTF-8",
        ImportEncoding::Gb18030 => "简体中文（GB18030、GBK）",
        ImportEncoding::EucKr => "韩文（EUC-KR、CP949）",
    },
    into_group: |group| format!("未注明群组的行归入 {group}。"),
    upload: "上传并预览",
    uploading: "正在上传并读取文件…",
    rules: "文件格式",
    rule_titles: "第一行为标题：可用中文、英文或韩文导出文件中的标题，也可用接口字段名。列的顺序不限，其他标题的列会被忽略。",
    rule_needed: |list| match list {
        ImportList::Accounts => "每行必须有用户名。",
        ImportList::Groups => "每行必须有群 ID；新群组还须有群名称和群类型。群主必须是已注册的帐号。",
        ImportList::Members => "每行必须有群 ID 和已注册帐号的用户名。",
    },
    rule_choices: "性别、类型、成员身份等可填写控制台中显示的中文、英文或韩文，也可填写接口取值。",
    rule_empty: "缺少的列不作更改。空单元格会清除该值，但名称、类型、成员身份、创建时间和加入时间除外。群主不能清除。",
    rule_times: "时间采用 ISO 8601 格式，未注明时区时视为 UTC。",
    template: "下载模板",
    fields: "列",
    column: "标题",
    wire_name: "接口字段名",
    values: "取值",
    not_word: |text, choices| format!("无法识别“{text}”。请填写{}。", one_of(choices, "、", "或")),
    preview: "预览",
    preview_lead: "尚未写入任何内容。",
    found: "预览",
    new: "新增",
    changed: "有变更",
    unchanged: "无变更",
    refused: "被拒绝",
    updated: "已更新",
    left_alone: "已跳过",
    in_file: "文件中的列",
    taken_as: "导入为",
    derived: "不导入：由其他数据得出",
    unknown: "已忽略：标题未知",
    first_of: |shown, all| format!("共 {all} 行，显示前 {shown} 行"),
    row: "行",
    row_number: |n| format!("第 {n} 行"),
    what: "内容",
    nothing_set: "没有其他值",
    as_it_is: "与现有内容一致",
    mode: "已存在且值不同的行",
    mode_name: |mode| match mode {
        ConflictMode::Skip => "跳过",
        ConflictMode::Update => "更新",
        ConflictMode::Stop => "停止",
    },
    mode_help: |mode| match mode {
        ConflictMode::Skip => "已存在的内容保持不变。",
        ConflictMode::Update => "已存在的内容改为文件中的值。",
        ConflictMode::Stop => "只要有这样的行，就不导入任何内容。",
    },
    start: |list| match list {
        ImportList::Accounts => "导入帐号",
        ImportList::Groups => "导入群组",
        ImportList::Members => "导入群成员",
    },
    discard: "放弃",
    discarded: "文件已放弃。",
    other_file: "选择其他文件",
    kept: "文件保留 24 小时，仅您本人可用。",
    refused_later: "被拒绝的行不会导入，会连同原因以文件形式返回，修正后可再次上传。",
    nothing_to_write: "没有可写入的内容：没有新增或有变更的行。",
    already: "此文件已交由任务处理。",
    to_job: "查看任务",
    download_refused: "下载被拒绝的行",
    refused_help: "该文件与您的文件格式和列相同，最前面是原因。修正后可再次上传。保留 24 小时。",
    not_there: "被拒绝的行已保留满 24 小时，或属于其他操作员。",
    stopped: "有一行在此期间已存在且值不同，导入在此停止。文件中该行之前的内容已导入。",
    not_found: "此文件已不存在：已被放弃，或已超过 24 小时。请重新上传。",
    rows_exist: |n| format!("有 {} 行已存在且值不同，因此未导入任何内容。请选择“跳过”或“更新”，或修改文件。", number(n)),
    problem: |problem| match problem {
        FileProblem::Empty => "文件为空。请选择含有标题和数据行的文件。".to_owned(),
        FileProblem::HeaderOnly => "文件只有标题，没有数据行。".to_owned(),
        FileProblem::TooLarge { max } => format!("文件最大 {}。请分成几个文件上传。", size(*max)),
        FileProblem::NoColumn => "没有可识别的标题。第一行必须是标题。".to_owned(),
        FileProblem::ColumnMissing { field } => format!("缺少列“{field}”，没有它无法识别任何行。"),
        FileProblem::ColumnTwice { field } => format!("有两列都表示“{field}”，请删除其中一列。"),
        FileProblem::TooManyColumns { max, actual } => format!("文件最多 {max} 列，此文件有 {} 列。", number(*actual as u64)),
        FileProblem::TitleTooLong { max } => format!("标题最多 {max} 个字符。第一行必须是标题。"),
        FileProblem::TooManyRows { max } => format!("文件最多 {} 行。请分成几个文件上传。", number((*max).into())),
        FileProblem::RowTooLarge { row, max } => {
            format!("第 {} 行超过 {}。可能有引号未闭合。", number((*row).into()), size(*max))
        }
        FileProblem::NotText { encoding } => {
            format!("文件不是 {} 编码的文本。请选择其编码，或另存为 UTF-8。", (ZH.encoding_name)(*encoding))
        }
        FileProblem::UnknownFormat => {
            "文件既不是 CSV、XLSX，也不是 JSON Lines。其他类型或带密码的工作簿请先另存为 XLSX。".to_owned()
        }
        FileProblem::Damaged => "工作簿已损坏或不完整。请重新保存后再上传。".to_owned(),
        FileProblem::UnpackedTooLarge { .. } => "工作簿解压后远超允许的大小。请以 CSV 上传。".to_owned(),
        FileProblem::TextsTooLarge { .. } => "工作簿中的文本过多或过长，无法读取。请以 CSV 上传。".to_owned(),
        FileProblem::TakesTooLong { max_s } => format!("读取此文件需要超过 {max_s} 秒。请分成几个文件上传，或以 CSV 上传。"),
        FileProblem::NotJson { row } => format!("第 {} 行不是由简单值组成的 JSON 对象。", number((*row).into())),
        FileProblem::CutOff => "上传在文件结束前中断。请重新上传。".to_owned(),
    },
    trouble: |trouble| match trouble {
        Trouble::Fields(_) => "单元格不符合规则。".to_owned(),
        Trouble::SameAs { row } => format!("第 {} 行已有相同的内容。", number((*row).into())),
        Trouble::CellCount { expected, actual } => format!("该行有 {actual} 个单元格，而标题有 {expected} 个。"),
        Trouble::TypeIsFixed => "已存在内容的类型不能更改。".to_owned(),
        Trouble::OwnerIsFixed => "导入不会更改已有群组的群主。".to_owned(),
        Trouble::NoGroup => "此应用中没有该群组。".to_owned(),
        Trouble::NoMemberList => "直播群不保存成员列表。".to_owned(),
        Trouble::Barred(reason) => group_model::ZH.barred(*reason),
        Trouble::GroupFull { max } => format!("群组已满：最多 {} 名成员。", number((*max).into())),
        Trouble::NotTheOwner => "该帐号不是群主；导入不会更改群主。".to_owned(),
        Trouble::IsTheOwner => "该帐号是群主；导入不会更改这一点。".to_owned(),
        Trouble::Exists => "已存在且值不同，导入按要求在此停止。".to_owned(),
    },
};
