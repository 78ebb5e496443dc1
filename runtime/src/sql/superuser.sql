SELECT session_user AS login, 'superuser' AS why, session_user AS via,
       EXISTS (SELECT FROM pg_class WHERE relrowsecurity AND relnamespace = to_regnamespace({{quoted}})) AS has_policies
