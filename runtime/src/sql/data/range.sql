{{lower}}{{last}}  -- The last row of the batch; none is left for a full batch when there is none.
  EXECUTE {{next}} INTO upto{{bounds}};
  upto := coalesce(upto, job.goal);
{{upper}}
