//! What all requests and answers share: headers, the client's address, files, forms with a file, internal errors, the log.

pub mod faults;
pub mod file_answer;
pub mod headers;
pub mod multipart;
pub mod origin;
pub mod trace;
