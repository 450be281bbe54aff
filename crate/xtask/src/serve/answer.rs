//! What a browser is answered: a file, a part of one, that it has not changed, or a short refusal.

use std::fs::Metadata;
use std::path::Path;
use std::time::UNIX_EPOCH;

use http_body_util::{Either, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use tower_http::services::ServeFile;
use tower_http::services::fs::ServeFileSystemResponseBody;

use super::{host, path};
use crate::model;

/// Bytes of a file that are read ahead of a browser that takes them.
const CHUNK_BYTES: usize = 64 * 1024;

/// A file as it is read, or a text.
type Body = Either<ServeFileSystemResponseBody, Full<Bytes>>;

/// Answers a request for something in `dist`, or for the language model that `cache` may hold, from a server at `port`.
pub async fn answer(request: &Request<Incoming>, dist: &Path, cache: &Path, port: u16) -> Response<Body> {
    let mut response = if !host::is_ours(request, port) {
        text(StatusCode::FORBIDDEN, host::refusal(port))
    } else if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered.\n".into());
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        response
    } else {
        match file(request, dist, cache).await {
            Some(response) => response,
            None => text(StatusCode::NOT_FOUND, "There is no such file.\n".into()),
        }
    };
    let headers = response.headers_mut();
    // index.html, the service worker, weights and pictures keep their names from build to build: a browser that trusted its cache
    // without asking would show what was before.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The file that a request means, as far as it asks for it; none where there is none.
async fn file(request: &Request<Incoming>, dist: &Path, cache: &Path) -> Option<Response<Body>> {
    let asked = request.uri().path();
    let file = path::find(dist, asked).or_else(|| model::served(cache, asked))?;
    let metadata = file.metadata().ok()?;
    let tag = tag(&metadata)?;
    let asked = request.headers();
    if asked.get_all(IF_NONE_MATCH).iter().any(|known| is_among(known, &tag)) {
        let mut response = Response::new(Either::Right(Full::default()));
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().insert(ETAG, tag);
        return Some(response);
    }
    let mut plain = Request::new(());
    *plain.method_mut() = request.method().clone();
    let mut pass = |name: HeaderName| asked.get(&name).cloned().map(|value| plain.headers_mut().insert(name, value));
    pass(IF_UNMODIFIED_SINCE);
    // A tag is more exact than a time, which counts only where there is no tag (RFC 9110, section 13.2.2).
    if !asked.contains_key(IF_NONE_MATCH) {
        pass(IF_MODIFIED_SINCE);
    }
    if *request.method() == Method::GET {
        plain.headers_mut().extend(part(asked, &tag, metadata.len()).map(|range| (RANGE, range)));
    }
    let served = ServeFile::new(&file).with_buf_chunk_size(CHUNK_BYTES).try_call(plain).await.ok()?;
    let mut response = served.map(Either::Left);
    response.headers_mut().insert(ETAG, tag);
    let of_text = response.headers().get(CONTENT_TYPE).and_then(|of| of.to_str().ok()).filter(|of| of.starts_with("text/"));
    if let Some(with_letters) = of_text.and_then(|of| HeaderValue::from_str(&format!("{of}; charset=utf-8")).ok()) {
        response.headers_mut().insert(CONTENT_TYPE, with_letters);
    }
    Some(response)
}

/// What tells this state of a file from every other: when it was written, and its length.
fn tag(file: &Metadata) -> Option<HeaderValue> {
    let written = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    HeaderValue::from_str(&format!("\"{written:x}-{:x}\"", file.len())).ok()
}

/// Whether a tag is in the list that a browser knows.
fn is_among(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The part of a file that is asked for, where that counts. What is no single range of bytes is answered with the whole file, and so is a
/// part of a file that has changed since (RFC 9110, sections 13.1.5 and 14.2).
fn part(asked: &HeaderMap, tag: &HeaderValue, length: u64) -> Option<HeaderValue> {
    let mut ranges = asked.get_all(RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return None };
    let is_current = asked.get(IF_RANGE).is_none_or(|known| known == tag);
    let range = one_range(range.to_str().ok()?, length).filter(|_| is_current)?;
    HeaderValue::from_str(&range).ok()
}

/// `bytes=0-99`, `bytes=100-` or `bytes=-100`, as tower-http reads them: it refuses more from the end than there is, and numbers without
/// end.
fn one_range(range: &str, length: u64) -> Option<String> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().unwrap_or(u64::MAX));
    let (first_at, last_at) = (number(first)?, number(last)?);
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    match (first, last) {
        ("", "") => None,
        ("", _) => Some(if last_at < length { format!("bytes=-{last_at}") } else { "bytes=0-".into() }),
        (_, "") => Some(format!("bytes={first_at}-")),
        _ => (first_at <= last_at).then(|| format!("bytes={first_at}-{last_at}")),
    }
}

fn text(status: StatusCode, sentence: String) -> Response<Body> {
    let mut response = Response::new(Either::Right(Full::from(sentence)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes_is_told_from_all_else() {
        for (range, expected) in [
            ("bytes=0-99", "bytes=0-99"),
            ("bytes=100-", "bytes=100-"),
            ("bytes=-100", "bytes=-100"),
            ("bytes=-1000", "bytes=0-"),
            ("bytes=-99999999999999999999999", "bytes=0-"),
            ("Bytes=0-0", "bytes=0-0"),
            ("bytes=-0", "bytes=-0"),
            ("bytes=0-99999999999999999999999", "bytes=0-18446744073709551615"),
        ] {
            assert_eq!(one_range(range, 500).as_deref(), Some(expected), "{range}");
        }
        for range in ["", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "bytes=a-b", "bytes=+1-2", "lines=1-2", "bytes 0-1"] {
            assert_eq!(one_range(range, 500), None, "{range}");
        }
    }

    #[test]
    fn a_tag_is_found_in_what_a_browser_knows() {
        let tag = HeaderValue::from_static("\"a\"");
        for (known, expected) in [("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false), ("a", false)] {
            assert_eq!(is_among(&HeaderValue::from_static(known), &tag), expected, "{known}");
        }
    }
}
