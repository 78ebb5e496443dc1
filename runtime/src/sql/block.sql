DO $onward$
BEGIN
{{steps}}END
$onward$;
