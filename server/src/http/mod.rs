//! What every answer and every request has to do with, whoever it is for: headers, where a request comes from, files, forms with a file,
//! faults, the log.

pub mod faults;
pub mod file_answer;
pub mod headers;
pub mod multipart;
pub mod origin;
pub mod trace;
