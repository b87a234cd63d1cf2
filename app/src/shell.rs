//! The document around every page: head, sprite of icons, the script that makes the page interactive, and the content security
//! policy that goes with it.

use http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;
use words::LanguageWords;

use crate::{App, context::Server, page_context::InitialState};

/// Scripts only with the nonce, styles and data only from here, photos from anywhere over http(s), nothing embeds us.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' https: http: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The pictures that [`crate::components::Icon`] shows, by name, on a 16 by 16 grid.
const SPRITE: &str = include_str!("sprite.svg");

/// Links that look like buttons answer to Space as buttons do: on its release, so that nothing that opens below gets it too. Done here, so
/// that it works before the page is interactive.
const SPACE: &str = "let held = null;
const buttonLike = e => e.key === ' ' && !e.ctrlKey && !e.altKey && !e.metaKey && e.target.matches?.('a.button, a.button-icon, a.chip');
addEventListener('keydown', e => { if (buttonLike(e)) { e.preventDefault(); if (!e.repeat) held = e.target; } });
addEventListener('keyup', e => { if (buttonLike(e) && e.target === held) held.click(); if (e.key === ' ') held = null; });
";

pub fn shell() -> impl IntoView {
    let InitialState { language, theme, .. } = InitialState::of_request();
    let assets = use_context::<Server>().map(|server| server.assets).unwrap_or_default();
    let nonce = use_nonce();
    let nonce_text = nonce.as_ref().map(|nonce| nonce.to_string()).unwrap_or_default();
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(value) = HeaderValue::from_str(&policy(&nonce_text))
    {
        response.insert_header(CONTENT_SECURITY_POLICY, value);
    }
    // Our own instead of the framework's HydrationScripts, which puts the nonce into `crossorigin` and makes Firefox drop the preload.
    let script = format!(
        "{SPACE}import('{}').then(m => m.default({{ module_or_path: '{}' }}).then(() => m.hydrate())).catch(e => console.error('Roster could not become interactive', e))",
        assets.js, assets.wasm
    );
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css />
                <noscript><link rel="stylesheet" href="/no-script.css" /></noscript>
                <link rel="preload" href=assets.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=nonce_text inner_html=script></script>
                <MetaTags />
            </head>
            <body>
                // First in the body: the browser takes the page over from its first node on.
                <App />
                <div hidden inner_html=SPRITE></div>
            </body>
        </html>
    }
}
