//! What stands before every request: whose name it was asked under, where it came from, the token,
//! how large and how slow it may be; and the headers every answer has.

use super::html::Refusal;
use super::state::App;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A request that is not answered within this time is given up.
const LIMIT: Duration = Duration::from_secs(60);
/// Longer addresses are refused.
const LONGEST_URI: usize = 8 * 1024;
/// Holds the token, once it was given.
const COOKIE: &str = "paydirt_token";

const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), clipboard-write=(self)"),
];

/// Who may ask.
#[derive(Debug, Clone, Default)]
pub struct Manners {
    /// Names with port under which it may be asked, lower case: `127.0.0.1:8080`.
    hosts: Vec<String>,
    token: Option<String>,
}

impl Manners {
    /// With a token every request must carry it; names are taken besides the address itself.
    pub fn new(token: Option<String>, names: &[String]) -> Manners {
        Manners { hosts: names.iter().map(|n| n.to_lowercase()).collect(), token }
    }

    pub(super) fn listening_on(&mut self, address: SocketAddr) {
        let port = address.port();
        // Names without a port are meant with any.
        self.hosts.push(address.to_string());
        if address.ip().is_loopback() {
            self.hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}")));
        }
    }

    fn knows(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let without_port = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host.as_str(),
        };
        self.hosts.iter().any(|known| *known == host || known == without_port)
    }

    /// The name it was asked under is one of its own, so no other site's name leads here.
    fn check_host(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), Refusal> {
        let named = headers.get(header::HOST).and_then(|h| h.to_str().ok());
        match named.or(uri.authority().map(|a| a.as_str())) {
            Some(host) if self.knows(host) => Ok(()),
            _ => Err(Refusal::new(
                421,
                "this name is not served here",
                "open the address that `paydirt serve` printed, or add the name with --name",
            )),
        }
    }

    /// No other site's page sends requests in the user's name.
    fn check_origin(&self, headers: &HeaderMap, method: &Method) -> Result<(), Refusal> {
        let foreign = || Refusal::new(403, "another site asked for this", "open the address itself");
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        if let Some(origin) = text("origin") {
            let host = origin.strip_prefix("http://").or(origin.strip_prefix("https://"));
            if !host.is_some_and(|host| self.knows(host)) {
                return Err(foreign());
            }
        }
        let is_safe = matches!(*method, Method::GET | Method::HEAD);
        let is_foreign = matches!(text("sec-fetch-site"), Some("cross-site" | "same-site"));
        // A link from elsewhere may lead here; a picture or a form from elsewhere may not.
        if is_foreign && !(is_safe && text("sec-fetch-mode") == Some("navigate")) {
            return Err(foreign());
        }
        Ok(())
    }

    /// Whether the token was given, by header or by cookie.
    fn is_admitted(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok()?.strip_prefix("Bearer "))
            .is_some_and(|given| same(given.trim(), token));
        let cookie = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, given)| name == COOKIE && same(given, token));
        bearer || cookie
    }

    /// A page opened with `?token=` keeps it as a cookie and is opened again without.
    fn takes_token(&self, method: &Method, uri: &Uri) -> Option<Response> {
        let token = self.token.as_ref().filter(|_| method == Method::GET)?;
        let given = uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))?;
        if !same(given, token) {
            return None;
        }
        let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict");
        let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, "/".to_string())];
        Some((StatusCode::SEE_OTHER, headers).into_response())
    }
}

/// Compares without telling by the time taken how much is right.
fn same(given: &str, token: &str) -> bool {
    given.len() == token.len()
        && given.bytes().zip(token.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = match admit(&app.manners, &request) {
        Err(refusal) => refusal.into_answer(is_api),
        Ok(Some(early)) => early,
        Ok(None) => match tokio::time::timeout(LIMIT, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Refusal::new(504, "this took too long", "ask for less at once").into_answer(is_api),
        },
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn admit(manners: &Manners, request: &Request) -> Result<Option<Response>, Refusal> {
    let (headers, uri, method) = (request.headers(), request.uri(), request.method());
    if uri.path_and_query().is_some_and(|whole| whole.as_str().len() > LONGEST_URI) {
        return Err(Refusal::new(414, "the address is too long", "shorten the query"));
    }
    manners.check_host(headers, uri)?;
    manners.check_origin(headers, method)?;
    if manners.is_admitted(headers) {
        return Ok(None);
    }
    match manners.takes_token(method, uri) {
        Some(response) => Ok(Some(response)),
        None => Err(Refusal::new(
            401,
            "the token is missing",
            "open the address with ?token=... as `paydirt serve` printed it, or send it as a bearer",
        )),
    }
}
