NOT coalesce(array_agg(version || ' ' || attempt) FILTER (WHERE event = 'started')
           <@ coalesce(array_agg(version || ' ' || attempt) FILTER (
             WHERE event IN ('applied', 'seeded', 'finished', 'abandoned', 'data_done')), '{}'), true)