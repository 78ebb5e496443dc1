//! Elements of the XML in which the server answers a query that it plans when it gets there. Each name occurs once.

use std::borrow::Cow;

/// The text of an element as it is written; `None` when it was NULL, which is left out.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, behind) = xml.split_once(&["<", name, ">"].concat())?;
    let (text, _) = behind.split_once(&["</", name, ">"].concat())?;
    Some(text)
}

/// Whether a boolean is there and true.
pub(crate) fn is_true(xml: &str, name: &str) -> bool {
    element(xml, name) == Some("true")
}

/// The text of an element that may hold any character.
pub(crate) fn unescaped<'a>(xml: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let text = element(xml, name)?;
    if !text.contains('&') {
        return Some(Cow::Borrowed(text));
    }
    // The ampersand last: what it gives is not read again.
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    Some(Cow::Owned(
        text.replace("&#x0d;", "\r").replace("&amp;", "&"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_is_read_once() {
        let xml = "<row>\n  <via>a&amp;lt;b &lt;c&gt;</via>\n  <is>true</is>\n</row>";
        assert_eq!(unescaped(xml, "via").as_deref(), Some("a&lt;b <c>"));
        assert!(is_true(xml, "is"));
        assert_eq!(element(xml, "not"), None);
    }
}
