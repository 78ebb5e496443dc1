//! What an SBOM is about, in one spelling: package URLs have several for one package.

use std::fmt::Write as _;

use onward::data::{Batch, Step};
use onward::tenant::TenantId;
use tokio_postgres::Transaction;

/// Types of packages whose names are the same in upper and lower case.
const WITHOUT_CASE: [&str; 4] = ["bitbucket", "github", "gitlab", "pypi"];

/// The canonical spelling of a package URL; any other text as it is, without blanks around it.
pub(crate) fn canonical(subject: &str) -> String {
    let subject = subject.trim();
    package_url(subject).unwrap_or_else(|| subject.to_owned())
}

/// `pkg:type/namespace/name@version?qualifiers#subpath`; `None` for what is not one.
fn package_url(subject: &str) -> Option<String> {
    let (scheme, rest) = subject.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("pkg") {
        return None;
    }
    let (rest, subpath) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let (kind, path) = rest.trim_matches('/').split_once('/')?;
    let kind = kind.to_ascii_lowercase();
    let at = path.rfind('@').filter(|at| !path[*at..].contains('/'));
    let (path, version) = match at {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (path, ""),
    };
    let mut path = segments(path)?;
    if path.is_empty() {
        return None;
    }
    if WITHOUT_CASE.contains(&&*kind) {
        path = path.to_lowercase();
    }
    if kind == "pypi" {
        path = path.replace('_', "-");
    }
    let mut url = format!("pkg:{kind}/{path}");
    if !version.is_empty() {
        url.extend(["@", &encoded(&decoded(version)?)]);
    }
    let qualifiers = sorted(qualifiers)?;
    if !qualifiers.is_empty() {
        url.extend(["?", &qualifiers]);
    }
    let subpath = segments(subpath)?;
    if !subpath.is_empty() {
        url.extend(["#", &subpath]);
    }
    Some(url)
}

/// Without empty segments, each encoded in one way.
fn segments(path: &str) -> Option<String> {
    let all = path.split('/').filter(|segment| !segment.is_empty());
    let all = all.map(|segment| decoded(segment).map(|text| encoded(&text)));
    Some(all.collect::<Option<Vec<_>>>()?.join("/"))
}

/// By their keys, without those that have no value.
fn sorted(qualifiers: &str) -> Option<String> {
    let pairs = qualifiers
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    let pairs = pairs.filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(key, value)| {
        let value = encoded(&decoded(value)?);
        Some([&*key.to_ascii_lowercase(), "=", &value].concat())
    });
    let mut pairs = pairs.collect::<Option<Vec<_>>>()?;
    pairs.sort();
    Some(pairs.join("&"))
}

/// `None` for an escape that is none, or bytes that are no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut url, byte| {
        match byte {
            b'.' | b'-' | b'_' | b'~' | b':' => url.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            // Writing to a String cannot fail.
            byte => drop(write!(url, "%{byte:02X}")),
        }
        url
    })
}

/// `DM001`: fills the column in the rows of releases that did not write it, of one tenant after another.
pub(crate) struct FillCanonicalSubjects;

impl Batch for FillCanonicalSubjects {
    /// The tenant at hand.
    type Cursor = TenantId;

    async fn run(
        &self,
        transaction: &Transaction<'_>,
        after: Option<TenantId>,
        rows: u32,
    ) -> Result<Step<TenantId>, Box<dyn std::error::Error + Send + Sync>> {
        let mut tenant = match after {
            Some(tenant) => Some(tenant),
            None => next_tenant(transaction, None).await?,
        };
        while let Some(at_hand) = tenant {
            let filled = fill(transaction, at_hand, rows).await?;
            if filled > 0 {
                return Ok(Step::after(tenant, filled));
            }
            tenant = next_tenant(transaction, tenant).await?;
        }
        Ok(Step::End { rows: 0 })
    }
}

/// Every object has its tenant in a table without policies.
async fn next_tenant(
    transaction: &Transaction<'_>,
    after: Option<TenantId>,
) -> Result<Option<TenantId>, tokio_postgres::Error> {
    let next = "SELECT of_tenant FROM evidence.objects WHERE $1::uuid IS NULL OR of_tenant > $1
                ORDER BY of_tenant LIMIT 1";
    let row = transaction.query_opt(next, &[&after]).await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// So many rows of a tenant, as its sessions see them. Returns how many there were.
async fn fill(
    transaction: &Transaction<'_>,
    tenant: TenantId,
    rows: u32,
) -> Result<usize, tokio_postgres::Error> {
    let enter =
        "SELECT set_config('app.tenant_id', $1, true), set_config('row_security', 'on', true)";
    transaction.query(enter, &[&tenant.to_string()]).await?;
    let next = "SELECT id::text, subject FROM evidence.sboms
                WHERE tenant_id = $1 AND canonical_subject IS NULL ORDER BY id LIMIT $2";
    let found = transaction
        .query(next, &[&tenant, &i64::from(rows)])
        .await?;
    let ids: Vec<String> = found.iter().map(|row| row.get(0)).collect();
    let subjects: Vec<String> = found.iter().map(|row| canonical(row.get(1))).collect();
    let fill = "UPDATE evidence.sboms SET canonical_subject = filled.subject
                FROM unnest($2::text[], $3::text[]) AS filled(id, subject)
                WHERE tenant_id = $1 AND sboms.id = filled.id::uuid";
    transaction
        .execute(fill, &[&tenant, &ids, &subjects])
        .await?;
    Ok(found.len())
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn one_package_has_one_spelling() {
        for (subject, expected) in [
            ("pkg:cargo/onward@0.1.0", "pkg:cargo/onward@0.1.0"),
            (" PKG:Cargo/onward@0.1.0 ", "pkg:cargo/onward@0.1.0"),
            ("pkg:PyPI/Django_Rest@1%2E0", "pkg:pypi/django-rest@1.0"),
            ("pkg:npm/%40angular/core@1", "pkg:npm/%40angular/core@1"),
            ("pkg:npm/@angular/core@1", "pkg:npm/%40angular/core@1"),
            ("pkg://GitHub//Onward/Onward", "pkg:github/onward/onward"),
            (
                "pkg:deb/debian/curl@7?distro=&Arch=i386&a=b%20c",
                "pkg:deb/debian/curl@7?a=b%20c&arch=i386",
            ),
            ("pkg:golang/a.b/c#/d//e/", "pkg:golang/a.b/c#d/e"),
            ("pkg:cargo/a%2", "pkg:cargo/a%2"),
            ("pkg:cargo/a%ff", "pkg:cargo/a%ff"),
            ("pkg:cargo/a%é", "pkg:cargo/a%é"),
            ("pkg:cargo", "pkg:cargo"),
            ("a machine", "a machine"),
            ("", ""),
        ] {
            assert_eq!(canonical(subject), expected, "{subject}");
            assert_eq!(canonical(expected), expected);
        }
    }
}
