//! What the pages show is what is printed.

use onward::tenant::Roles;

const ROLES: &str = include_str!("../../../../docs/roles.md");
const TENANTS: &str = include_str!("../../../../docs/tenants.md");

#[test]
fn the_page_of_roles_has_the_sql_that_is_printed() {
    let sql = Roles::default().sql(&["auth"]);
    let shown = ROLES.split("```sql\n").nth(1);
    let shown = shown.and_then(|rest| rest.split("```").next());
    assert_eq!(shown, Some(sql.as_str()));
}

/// Every kind that an audit reports is explained.
#[test]
fn the_page_of_tenants_lists_every_kind() {
    let rows = TENANTS.lines().filter(|line| line.starts_with("| "));
    let kinds = rows.filter_map(|row| row.split('|').nth(1));
    let kinds: Vec<&str> = kinds
        .flat_map(|cell| cell.split(','))
        .map(str::trim)
        .collect();
    for kind in super::audit::kinds() {
        assert!(kinds.contains(&&*kind.to_string()), "kind {kind}");
    }
}
