//! The console's building blocks: semantic HTML first, plain classes, labels as required arguments.

pub mod basics;
pub mod batch;
pub mod chart;
pub mod console_layout;
pub mod dialog;
pub mod field;
pub mod filters;
pub mod form;
pub mod form_state;
pub mod keys;
pub mod list;
pub mod live;
pub mod loaded;
pub mod palette;
pub mod selection;
pub mod status;
pub mod submit_button;
pub mod success;
pub mod usernames;
pub mod views;

pub use basics::{ActionLink, Badge, CopyButton, GroupTypeBadge, Icon, PageHeader, PersonCell, Quota, Time, UsageMeter};
pub use batch::{ConfirmCount, JobNote, NothingSelected, SubjectFields};
pub use dialog::{Dialog, DialogButtons, Notice};
pub use field::{CheckField, Limit, SelectField, TextAreaField, TextField};
pub use filters::{Chips, FilterForm, Hidden};
pub use form::{AppFields, GroupFields, HiddenField, PostForm, UploadForm};
pub use list::{ApiButton, ListTools, Pager, ResultCount, SizeLinks, SortHeader};
pub use loaded::Loaded;
pub use selection::{SelectAllCell, SelectCell, Selection, SelectionCount};
pub use submit_button::SubmitButton;
