-- Of a superuser nothing else matters.
       query_to_xml(CASE WHEN current_setting('is_superuser') = 'on' AND current_user = session_user
                    THEN {{superuser}} ELSE {{privileged}} END, false, true, '')