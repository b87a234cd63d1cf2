//! The OpenAPI document as a page to read: plain HTML, made on the server, without scripts.

use std::fmt::Write;

use html_escape::encode_text as text;
use serde_json::{Map, Value};

/// The methods of a path, in the order of reading.
const METHODS: [&str; 5] = ["get", "post", "put", "delete", "patch"];
/// How deep nested fields are shown.
const DEPTH: usize = 3;

/// The page for a document. `css`: the address of the style sheet; empty for none.
pub fn page(document: &str, css: &str) -> String {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let mut page = Page { document: &document, html: String::new() };
    page.head(css);
    page.contents();
    for tag in page.tags() {
        page.tag(tag);
    }
    page.html.push_str("</main></body></html>\n");
    page.html
}

struct Page<'a> {
    document: &'a Value,
    html: String,
}

/// One call.
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    value: &'a Value,
}

impl Operation<'_> {
    fn id(&self) -> String {
        let path: String = self.path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        format!("{}{path}", self.method)
    }

    fn summary(&self) -> &str {
        word(self.value, "summary")
    }
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

impl<'a> Page<'a> {
    fn put(&mut self, html: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = self.html.write_fmt(html);
    }

    fn head(&mut self, css: &str) {
        let info = &self.document["info"];
        let (title, version) = (text(word(info, "title")), text(word(info, "version")));
        let sheet = match css {
            "" => String::new(),
            css => format!("<link rel=\"stylesheet\" href=\"{}\">", html_escape::encode_double_quoted_attribute(css)),
        };
        self.put(format_args!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
             <title>{title}</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">{sheet}</head>\
             <body><main class=\"docs\"><header><h1>{title}</h1><p class=\"muted\">{version} · \
             <a href=\"{json}\">OpenAPI document</a> · <a href=\"/\">Console</a></p><p>{description}</p></header>",
            json = super::JSON,
            description = prose(word(info, "description")),
        ));
    }

    fn tags(&self) -> Vec<&'a Value> {
        self.document["tags"].as_array().into_iter().flatten().collect()
    }

    fn operations(&self, tag: &str) -> Vec<Operation<'a>> {
        let of_path = |(path, item): (&'a String, &'a Value)| {
            METHODS.into_iter().filter_map(move |method| {
                let value = item.get(method)?;
                let tagged = value["tags"].as_array().is_some_and(|tags| tags.iter().any(|name| name == tag));
                tagged.then_some(Operation { method, path, value })
            })
        };
        entries(&self.document["paths"]).flat_map(of_path).collect()
    }

    fn contents(&mut self) {
        self.html.push_str("<nav aria-label=\"Calls\">");
        for tag in self.tags() {
            let name = word(tag, "name");
            self.put(format_args!("<h2>{}</h2><ul>", text(name)));
            for operation in self.operations(name) {
                self.put(format_args!(
                    "<li><a href=\"#{}\"><code>{} {}</code></a> <span class=\"muted\">{}</span></li>",
                    operation.id(),
                    operation.method.to_uppercase(),
                    text(operation.path),
                    text(operation.summary()),
                ));
            }
            self.html.push_str("</ul>");
        }
        self.html.push_str("</nav>");
    }

    fn tag(&mut self, tag: &Value) {
        let name = word(tag, "name");
        self.put(format_args!("<section><h2>{}</h2><p>{}</p>", text(name), prose(word(tag, "description"))));
        for operation in self.operations(name) {
            self.operation(&operation);
        }
        self.html.push_str("</section>");
    }

    fn operation(&mut self, operation: &Operation<'a>) {
        self.put(format_args!(
            "<article id=\"{}\"><h3><code>{} {}</code></h3><p>{}</p>",
            operation.id(),
            operation.method.to_uppercase(),
            text(operation.path),
            prose(operation.summary()),
        ));
        let description = word(operation.value, "description");
        if !description.is_empty() {
            self.put(format_args!("<p>{}</p>", prose(description)));
        }
        self.parameters(&operation.value["parameters"]);
        for (kind, content) in entries(&operation.value["requestBody"]["content"]) {
            self.put(format_args!("<h4>Body <span class=\"muted\">{}</span></h4>", text(kind)));
            self.schema(&content["schema"], DEPTH);
        }
        self.html.push_str("<h4>Answers</h4><dl>");
        for (status, response) in entries(&operation.value["responses"]) {
            self.put(format_args!("<dt>{}</dt><dd>{}", text(status), prose(word(response, "description"))));
            // Failures look the same everywhere; once is enough.
            if status == "200" {
                for (_, content) in entries(&response["content"]) {
                    self.schema(&content["schema"], DEPTH);
                }
            }
            self.html.push_str("</dd>");
        }
        self.html.push_str("</dl></article>");
    }

    fn parameters(&mut self, parameters: &Value) {
        let Some(parameters) = parameters.as_array().filter(|list| !list.is_empty()) else { return };
        self.html.push_str("<h4>Parameters</h4><ul class=\"fields\">");
        for parameter in parameters {
            let required = if parameter["required"] == true { "" } else { ", optional" };
            self.put(format_args!(
                "<li><code>{}</code> <span class=\"muted\">{}, {}{required}</span> {}</li>",
                text(word(parameter, "name")),
                text(word(parameter, "in")),
                text(&self.kind(&parameter["schema"])),
                prose(word(parameter, "description")),
            ));
        }
        self.html.push_str("</ul>");
    }

    /// The schema that a reference points to.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/")) {
            Some(name) => &self.document["components"]["schemas"][name],
            None => schema,
        }
    }

    /// What kind of value it is, in a few words.
    fn kind(&self, schema: &'a Value) -> String {
        let schema = self.resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            let kinds: Vec<String> = choices.iter().map(|choice| self.kind(choice)).filter(|kind| kind != "null").collect();
            return kinds.join(" or ");
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
            _ => vec!["any"],
        };
        match kinds.as_slice() {
            ["array"] => format!("array of {}", self.kind(&schema["items"])),
            kinds => kinds.join(" or "),
        }
    }

    /// The fields of an object, or of what a list holds.
    fn schema(&mut self, schema: &'a Value, depth: usize) {
        let schema = self.resolved(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            // The choices differ in how many, not in what.
            if let Some(first) = choices.iter().find(|choice| self.kind(choice) != "null") {
                self.schema(first, depth);
            }
            return;
        }
        if schema.get("items").is_some() {
            return self.schema(&schema["items"], depth);
        }
        if depth == 0 || schema.get("properties").is_none() {
            return;
        }
        let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|known| known == name));
        self.html.push_str("<ul class=\"fields\">");
        for (name, field) in entries(&schema["properties"]) {
            let optional = if required(name) { "" } else { ", optional" };
            let kind = self.kind(field);
            self.put(format_args!(
                "<li><code>{}</code> <span class=\"muted\">{}{optional}</span> {}",
                text(name),
                text(&kind),
                prose(word(field, "description")),
            ));
            self.schema(field, depth - 1);
            self.html.push_str("</li>");
        }
        self.html.push_str("</ul>");
    }
}

/// Text in which the parts between backticks are code.
fn prose(words: &str) -> String {
    let mut html = String::new();
    for (n, part) in words.split('`').enumerate() {
        let part = text(part);
        // Writing to a text cannot fail.
        let _ = if n % 2 == 1 { write!(html, "<code>{part}</code>") } else { write!(html, "{part}") };
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_document_becomes_markup() {
        let document = serde_json::json!({
            "info": { "title": "<b>", "version": "1", "description": "a `<i>` & b" },
            "tags": [{ "name": "T", "description": "" }],
            "paths": { "/x/{y}": { "get": {
                "tags": ["T"], "summary": "<script>alert(1)</script>",
                "parameters": [{ "name": "y", "in": "path", "required": true, "schema": { "type": "string" } }],
                "responses": { "200": { "description": "d", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/S" } } } } },
            } } },
            "components": { "schemas": { "S": { "type": "object", "required": ["a"], "properties": {
                "a": { "type": ["string", "null"] }, "b": { "type": "array", "items": { "$ref": "#/components/schemas/S" } },
            } } } },
        });
        let html = page(&document.to_string(), "/a\"b.css");
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("<i>"), "{html}");
        assert!(html.contains("a <code>&lt;i&gt;</code> &amp; b") && html.contains("href=\"/a&quot;b.css\""), "{html}");
        assert!(
            html.contains("id=\"get-x--y-\"")
                && html.contains("<code>b</code> <span class=\"muted\">array of object, optional</span>")
        );
    }
}
