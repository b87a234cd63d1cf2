//! Who calls: the bearer token, the app that it is valid for, and how many calls that app may make.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use domain::{Actor, Caller, application::AppRef, credential::rules::looks_like_token, event::Action};
use http::{HeaderMap, header, request::Parts};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use store::{
    AppScope, Scope, Store,
    credential::tokens::{self, TokenLookup},
    refusals::{RefusalEvent, RefusalScope},
};

use super::{Failure, RequestInfo, body::VerifiedToken, failure::TokenProblem};
use crate::state::{ServerState, api::Counted};

/// One call: what was requested, by whom, of which app. Every handler but the token call begins with it.
#[derive(Debug)]
pub struct ApiCall {
    pub info: RequestInfo,
    pub caller: Caller,
    pub app: AppRef,
    pub store: Store,
}

impl ApiCall {
    /// What operations take.
    pub fn scope(&self) -> Scope<'_> {
        self.app_scope().by_id()
    }

    /// What operations take whose answers name the app.
    pub fn app_scope(&self) -> AppScope<'_> {
        Scope::new(&self.store, &self.caller, &self.app)
    }
}

impl FromRequestParts<ServerState> for ApiCall {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Failure> {
        let info = parts.extensions.get::<RequestInfo>().cloned().ok_or(Failure::NoSuchAddress)?;
        let store = state.server.store.clone();
        let (org, name) = info.names();
        let Some(token) = bearer(&parts.headers) else { return Err(Failure::Token(TokenProblem::Missing)) };
        let no = |problem, reason| {
            info.came_in_vain(reason);
            Err(Failure::Token(problem))
        };
        let (app, actor) = match tokens::find(&store, token, info.address()).await? {
            TokenLookup::Good { app, actor } => (app, actor),
            TokenLookup::Expired => return no(TokenProblem::Expired, "expired_token"),
            // Like an invalid token: a leaked one must not reveal anything by this answer.
            TokenLookup::Elsewhere => return no(TokenProblem::Foreign, "address"),
            TokenLookup::Unknown if !looks_like_token(token) => return no(TokenProblem::Malformed, "malformed_token"),
            TokenLookup::Unknown => return no(TokenProblem::Foreign, "unknown_token"),
        };
        if (app.org_name.as_str(), app.app_name.as_str()) != (org, name) {
            named(&store, &info).await?;
            return no(TokenProblem::Foreign, "token_of_another_app");
        }
        info.came_from(&actor);
        let counted = match actor {
            Actor::Account { id, .. } => Counted::Account(id),
            _ => Counted::App(app.id),
        };
        let limited = |retry_after_s| Failure::RateLimited { retry_after_s };
        state.api.count(counted).map_err(limited)?;
        if let Actor::Account { id, .. } = actor
            && !parts.method.is_safe()
        {
            state.api.count_own_write(id).map_err(limited)?;
        }
        parts.extensions.insert(VerifiedToken);
        let caller = Caller { actor, address: info.address().map(str::to_owned), proof: Some(tokens::proof(token)) };
        Ok(Self { info, caller, app, store })
    }
}

/// A call, or why it is none: for the few calls that can be answered all the same, or have an answer of their own for it.
#[derive(Debug)]
pub struct OptionalCall(pub Result<ApiCall, Failure>);

impl FromRequestParts<ServerState> for OptionalCall {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Infallible> {
        Ok(Self(ApiCall::from_request_parts(parts, state).await))
    }
}

/// Logs a call that ended so, where it matters: its token was invalid, or it asked for what is not allowed. Calls that needed no
/// token are not logged, even with one. `recorded`: the log has it already.
pub fn tell(store: &Store, info: &RequestInfo, failure: &Failure, recorded: bool) {
    match (failure, info.problem(), info.actor()) {
        (Failure::Token(_), Some(reason), _) => refused(store, info, Actor::Anonymous, reason),
        (Failure::RateLimited { .. }, _, Some(actor)) => refused(store, info, actor.clone(), "rate_limited"),
        (failure, _, Some(actor)) if failure.is_forbidden() && !recorded => refused(store, info, actor.clone(), "forbidden"),
        _ => {}
    }
}

/// A refused call; its address is the target.
fn refused(store: &Store, info: &RequestInfo, actor: Actor, reason: &'static str) {
    let (org, app) = info.names();
    store.refusals().report(RefusalEvent {
        action: Action::AccessRefuse,
        scope: RefusalScope::Named { org: org.to_owned(), app: app.to_owned() },
        caller: Caller { actor, address: info.address().map(str::to_owned), proof: None },
        // What a terminal or a reader would take for more than text stays encoded.
        target: format!("{} /{}", info.action().to_ascii_uppercase(), utf8_percent_encode(info.uri_path(), CONTROLS)),
        reason,
    });
}

/// The app that the path names.
pub async fn named(store: &Store, info: &RequestInfo) -> Result<AppRef, Failure> {
    let (org, app) = info.names();
    store::application::named(store, org, app).await?.ok_or(Failure::NoSuchApp)
}

/// The token of the header, whatever blanks are around it; `None` when there is none.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    // Our tokens are ASCII: anything else becomes a text that cannot be one.
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or("Bearer ?").trim();
    let (scheme, token) = value.split_once(char::is_whitespace)?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_with_blanks() {
        let token = |value: &'static str| {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, http::HeaderValue::from_static(value))]);
            bearer(&headers).map(str::to_owned)
        };
        for value in ["Bearer abc", " bearer   abc ", "BEARER\tabc"] {
            assert_eq!(token(value).as_deref(), Some("abc"), "{value:?}");
        }
        for value in ["", "Bearer", "Bearer ", "Bearer   ", "Basic abc", "abc"] {
            assert_eq!(token(value), None, "{value:?}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
