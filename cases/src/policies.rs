//! Conditions of policies, with what is known about them: the analyzer says it, and a server shows it.

/// What `$T` stands for: the tenant of the session, null if it is unset or empty.
pub const TENANT: &str = "NULLIF(current_setting('app.tenant_id', true), '')::uuid";

/// A condition over `app.notes (tenant_id uuid, id uuid, body text, shared_with uuid, is_public boolean)`, and the word
/// for what it proves: `PROVEN`, `LEAK`, or `UNVERIFIED` if the files do not decide it.
///
/// ```
/// use onward_cases::policies::CONDITIONS;
///
/// assert!(CONDITIONS.iter().any(|(condition, word)| *condition == "tenant_id = $T" && *word == "PROVEN"));
/// ```
pub const CONDITIONS: &[(&str, &str)] = &[
    (
        "tenant_id = current_setting('app.tenant_id')::uuid",
        "PROVEN",
    ),
    (
        "tenant_id = current_setting('app.tenant_id', true)::uuid",
        "PROVEN",
    ),
    ("tenant_id = $T", "PROVEN"),
    ("$T = notes.tenant_id", "PROVEN"),
    ("app.notes.tenant_id = (SELECT $T)", "PROVEN"),
    (
        "tenant_id = (SELECT CAST(current_setting('APP.Tenant_Id', true) AS uuid))",
        "PROVEN",
    ),
    ("tenant_id IN (SELECT $T)", "PROVEN"),
    ("tenant_id IN ($T)", "PROVEN"),
    ("tenant_id = ANY (ARRAY[$T])", "PROVEN"),
    (
        "tenant_id::text = current_setting('app.tenant_id', true)",
        "PROVEN",
    ),
    ("tenant_id IS NOT DISTINCT FROM $T", "PROVEN"),
    ("NOT tenant_id <> $T", "PROVEN"),
    ("NOT NOT tenant_id = $T", "PROVEN"),
    ("(tenant_id = $T) IS TRUE", "PROVEN"),
    ("COALESCE(tenant_id = $T, false)", "PROVEN"),
    (
        "tenant_id = $T AND (is_public OR shared_with IS NULL)",
        "PROVEN",
    ),
    ("tenant_id = $T AND app.unknown(body)", "PROVEN"),
    (
        "tenant_id OPERATOR(pg_catalog.=) pg_catalog.current_setting('app.tenant_id')::uuid",
        "PROVEN",
    ),
    (
        "CASE WHEN tenant_id = $T THEN true ELSE false END",
        "PROVEN",
    ),
    (
        "current_setting('app.tenant_id', true) <> '' AND tenant_id = $T",
        "PROVEN",
    ),
    ("false", "PROVEN"),
    ("true", "LEAK"),
    ("1 = 1", "LEAK"),
    ("tenant_id IS NOT NULL", "LEAK"),
    ("tenant_id <> $T", "LEAK"),
    ("NOT tenant_id = $T", "LEAK"),
    ("tenant_id >= $T", "LEAK"),
    (
        "current_setting('app.tenant_id', true) IS NULL OR tenant_id = $T",
        "LEAK",
    ),
    (
        "current_setting('app.tenant_id', true) = '' OR tenant_id = $T",
        "LEAK",
    ),
    ("$T IS NULL OR tenant_id = $T", "LEAK"),
    ("COALESCE(tenant_id = $T, true)", "LEAK"),
    ("tenant_id = COALESCE($T, tenant_id)", "LEAK"),
    ("(tenant_id = $T) IS NOT FALSE", "LEAK"),
    ("(tenant_id = $T) IS NOT TRUE", "LEAK"),
    ("tenant_id = $T OR is_public", "LEAK"),
    ("tenant_id = $T OR shared_with = $T", "LEAK"),
    (
        "tenant_id = $T OR current_setting('app.bypass', true) = 'on'",
        "LEAK",
    ),
    (
        "tenant_id::text LIKE current_setting('app.tenant_id', true)",
        "LEAK",
    ),
    (
        "tenant_id = current_setting('app.user_tenant')::uuid",
        "LEAK",
    ),
    (
        "tenant_id = COALESCE($T, '00000000-0000-0000-0000-000000000000')",
        "LEAK",
    ),
    (
        "CASE WHEN $T IS NULL THEN true ELSE tenant_id = $T END",
        "LEAK",
    ),
    ("tenant_id = other.tenant()", "UNVERIFIED"),
    (
        "pg_has_role(current_user, 'auditor', 'MEMBER')",
        "UNVERIFIED",
    ),
    ("tenant_id = $T OR app.unknown(body)", "UNVERIFIED"),
    ("tenant_id BETWEEN $T AND $T", "UNVERIFIED"),
    ("tenant_id = ALL (SELECT $T)", "UNVERIFIED"),
];
