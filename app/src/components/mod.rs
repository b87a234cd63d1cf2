//! The console's building blocks: semantic HTML first, plain classes, labels as required arguments.

pub mod basics;
pub mod chart;
pub mod dialog;
pub mod field;
pub mod form;
pub mod frame;
pub mod keys;
pub mod list;
pub mod live;
pub mod outcome;
pub mod palette;
pub mod selection;
pub mod status;
pub mod success;
pub mod usernames;
pub mod views;

pub use basics::{ActionLink, Badge, CopyButton, GroupTypeBadge, Icon, PageHeader, PersonCell, Quota, Time, UsageMeter};
pub use dialog::{Dialog, DialogButtons, Notice};
pub use field::{CheckField, Limit, SelectField, TextAreaField, TextField};
pub use form::{HiddenField, PostForm, SubmitButton, UploadForm};
pub use list::{
    ApiButton, Chip, FilterForm, Hidden, ListTools, Pager, ResultCount, SizeLinks, SortHeader, use_app_path, use_query,
};
pub use outcome::Loaded;
pub use selection::{SelectAllCell, SelectCell, Selection, SelectionCount};
