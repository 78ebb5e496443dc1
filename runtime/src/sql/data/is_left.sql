SELECT EXISTS (SELECT FROM ({{query}}
) AS unfinished(is_left) WHERE is_left) AS unfinished