//! The REST API over HTTP: what clients send and what they get, compared as a whole but for times and ids.

mod files;
mod frame;
mod groups;
mod limits;
mod members;
mod messages;
mod of_user;
mod openapi;
mod own_tokens;
mod support;
mod tokens;
mod users;
mod world;
