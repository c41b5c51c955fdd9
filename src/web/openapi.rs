//! The description of `/api/v1` in OpenAPI 3.1. A test holds it to the router.

use super::asked::{BYS, COPIES};
use crate::index::Facet;
use serde_json::{Map, Value, json};

/// What a call answers with when it went well.
const JSON: &str = "application/json";
const LINES: &str = "application/jsonl";

struct Call {
    path: &'static str,
    summary: &'static str,
    kind: &'static str,
    /// Whether it takes what the search takes.
    searches: bool,
    parameters: &'static [Parameter],
    /// Statuses besides 200 and those any call may have.
    others: &'static [u16],
}

struct Parameter {
    name: &'static str,
    about: &'static str,
    is_number: bool,
    is_required: bool,
}

const WIDTH: Parameter = Parameter {
    name: "width",
    about: "Of the picture in pixels; drawn at 240, 900, 1400 or 2000.",
    is_number: true,
    is_required: false,
};
const AT: Parameter = Parameter {
    name: "at",
    about: "Bytes of the document's text, `1024-1100`.",
    is_number: false,
    is_required: true,
};
const FORM: Parameter = Parameter {
    name: "form",
    about: "plain, markdown, bibtex or annotation.",
    is_number: false,
    is_required: false,
};

const CALLS: &[Call] = &[
    Call {
        path: "/api/v1",
        summary: "What there is",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/openapi.json",
        summary: "This description",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/search",
        summary: "Hits of a query, how it was read, and counts of facets; `next` leads on",
        kind: JSON,
        searches: true,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/search.jsonl",
        summary: "All hits, a row each, as they come",
        kind: LINES,
        searches: true,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/search.csv",
        summary: "All hits as CSV",
        kind: "text/csv",
        searches: true,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/facets/{name}",
        summary: "Every value of a facet with its count",
        kind: JSON,
        searches: true,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/verify",
        summary: "A claim's verdict",
        kind: JSON,
        searches: false,
        parameters: &[CLAIM, FIGURE],
        others: &[],
    },
    Call {
        path: "/api/v1/lineage",
        summary: "Where a figure comes from: in every scope of `of`, or in the one that a claim's verdict rests on",
        kind: JSON,
        searches: false,
        parameters: &[OF, OF_CLAIM, FIGURE],
        others: &[],
    },
    Call {
        path: "/api/v1/lineage.svg",
        summary: "The first of these lineages as a picture",
        kind: "image/svg+xml",
        searches: false,
        parameters: &[OF, OF_CLAIM, FIGURE],
        others: &[404],
    },
    Call {
        path: "/api/v1/lineage.dot",
        summary: "The same in Graphviz's language",
        kind: "text/vnd.graphviz",
        searches: false,
        parameters: &[OF, OF_CLAIM, FIGURE],
        others: &[404],
    },
    Call {
        path: "/api/v1/check",
        summary: "The verdict on every figure of an article, sent as text or as a file; `id` names it below",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[413, 422],
    },
    Call {
        path: "/api/v1/checks/{id}/verdicts.jsonl",
        summary: "The verdicts on an article checked lately, a row each",
        kind: LINES,
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/checks/{id}/report.html",
        summary: "The report on an article checked lately, in one file",
        kind: "text/html",
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/status",
        summary: "What the index holds",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/scorecard",
        summary: "How far the extractors agree with hand labels, and with which",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/works",
        summary: "Editions and copies of one work",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/documents",
        summary: "The account: every source and what became of it",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[],
    },
    Call {
        path: "/api/v1/documents/{sha256}",
        summary: "The record of a document",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/documents/{sha256}/mentions.jsonl",
        summary: "The mentions of a document, a row each",
        kind: LINES,
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/documents/{sha256}/source",
        summary: "The file itself",
        kind: "application/octet-stream",
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/documents/{sha256}/pages/{page}",
        summary: "The text of a page, its passages and mentions with their places",
        kind: JSON,
        searches: false,
        parameters: &[],
        others: &[404],
    },
    Call {
        path: "/api/v1/documents/{sha256}/pages/{page}/image",
        summary: "The picture of a page",
        kind: "image/png",
        searches: false,
        parameters: &[WIDTH],
        others: &[404, 422],
    },
    Call {
        path: "/api/v1/documents/{sha256}/card",
        summary: "A passage or a figure as an evidence card, with its page drawn, in one file",
        kind: "text/html",
        searches: false,
        parameters: &[AT],
        others: &[404],
    },
    Call {
        path: "/api/v1/documents/{sha256}/cite",
        summary: "A passage as a citation",
        kind: "text/plain",
        searches: false,
        parameters: &[AT, FORM],
        others: &[404],
    },
];

const OF: Parameter = Parameter {
    name: "of",
    about: "A figure, or a place as `paydirt show` takes it; this or `claim` is needed.",
    is_number: false,
    is_required: false,
};
const OF_CLAIM: Parameter = Parameter {
    name: "claim",
    about: "A sentence, a phrase or a figure; this or `of` is needed.",
    is_number: false,
    is_required: false,
};
const CLAIM: Parameter = Parameter {
    name: "claim",
    about: "A sentence, a phrase or a figure.",
    is_number: false,
    is_required: true,
};
const FIGURE: Parameter = Parameter {
    name: "figure",
    about: "Which figure of it is meant, as printed there.",
    is_number: false,
    is_required: false,
};

/// The OpenAPI document.
pub fn document() -> Value {
    let paths: Map<String, Value> =
        CALLS.iter().map(|call| (call.path.to_string(), described(call))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "paydirt",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Figures in reports, with the place they stand at. Rows are those of the command line.",
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": {"Error": {
            "type": "object",
            "required": ["schema", "what"],
            "properties": {
                "schema": {"const": "paydirt.error/1"},
                "what": {"type": "string"},
                "place": {"type": ["string", "null"]},
                "cause": {"type": ["string", "null"]},
                "hint": {"type": ["string", "null"]},
            },
        }}},
    })
}

fn described(call: &Call) -> Value {
    let in_path =
        call.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(|name| {
            let schema = match name {
                "page" => json!({"type": "integer", "minimum": 1}),
                "sha256" | "id" => json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
                _ => json!({"type": "string", "enum": Facet::ALL.map(|f| f.name())}),
            };
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        });
    let own = call.parameters.iter().map(|p| {
        let schema = if p.is_number { json!({"type": "integer", "minimum": 1, "maximum": 4_000_000_000_u64}) } else { json!({"type": "string"}) };
        json!({"name": p.name, "in": "query", "required": p.is_required, "description": p.about, "schema": schema})
    });
    let mut parameters: Vec<Value> = in_path.chain(own).collect();
    if call.searches {
        parameters.extend(searching());
    }
    let error = |about: &str| json!({"description": about, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}});
    let schema = if call.kind == JSON { json!({"type": "object"}) } else { json!({"type": "string"}) };
    let mut responses = Map::new();
    responses
        .insert("200".into(), json!({"description": "As asked", "content": {call.kind: {"schema": schema}}}));
    for (status, about) in [
        (400, "What was asked is not understood"),
        (401, "The token is missing"),
        (403, "Another site asked"),
        (414, "The address is too long"),
        (421, "Asked under a name that is not served"),
        (503, "Too much is asked at once"),
        (504, "It took too long"),
    ] {
        responses.insert(status.to_string(), error(about));
    }
    for status in call.others {
        let about = match status {
            404 => "It is not there",
            413 => "It is too large",
            _ => "It cannot be read or drawn",
        };
        responses.insert(status.to_string(), error(about));
    }
    let mut described = json!({
        "summary": call.summary, "operationId": operation(call.path), "parameters": parameters, "responses": responses,
    });
    if call.path != "/api/v1/check" {
        return json!({"get": described});
    }
    let form = json!({"type": "object", "properties": {
        "text": {"type": "string"}, "file": {"type": "string", "format": "binary"},
    }});
    described["requestBody"] = json!({"required": true, "content": {
        "text/plain": {"schema": {"type": "string", "minLength": 1}}, "multipart/form-data": {"schema": form},
    }});
    json!({"post": described})
}

fn operation(path: &str) -> String {
    let name = path.trim_start_matches("/api/v1").replace(['/', '.'], "_").replace(['{', '}'], "");
    if name.is_empty() { "index".to_string() } else { name.trim_start_matches('_').to_string() }
}

/// What every search takes.
fn searching() -> Vec<Value> {
    let text = |name: &str, about: &str| json!({"name": name, "in": "query", "description": about, "schema": {"type": "string"}});
    let number = |name: &str, most: u64, about: &str| json!({"name": name, "in": "query", "description": about, "schema": {"type": "integer", "minimum": 0, "maximum": most}});
    let choice = |name: &str, of: &[&str], about: &str| json!({"name": name, "in": "query", "description": about, "schema": {"type": "string", "enum": of}});
    let mut parameters = vec![
        text("q", "The query, in the language of `paydirt search`"),
        text("dates", "Days mentioned: `2019..2021-06`"),
        json!({"name": "sort", "in": "query", "description": "The order of the hits", "schema": {"type": "string", "enum": ["relevance", "date", "amount"]}}),
        number("from", 100_000_000, "The first hit or document, from 0"),
        number("limit", 200, "Hits or documents at once; 20 hits or 10 documents where it is left out"),
        choice("by", &BYS.map(|(name, _)| name), "Hits one by one, or under their documents in `groups`"),
        choice(
            "copies",
            &COPIES.map(|(name, _)| name),
            "Near copies apart, or folded into the first of them",
        ),
        number("each", 200, "Hits of each document; 3 where it is left out"),
        json!({"name": "literal", "in": "query", "description": "Without other names for the same thing", "schema": {"type": "string", "enum": ["1"]}}),
    ];
    for facet in Facet::ALL {
        parameters.push(json!({
            "name": facet.name(), "in": "query", "description": "Any of these values", "style": "form", "explode": true,
            "schema": {"type": "array", "items": {"type": "string"}},
        }));
    }
    parameters
}
