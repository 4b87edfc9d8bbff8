-- Until a table has been analysed for the first time, the planner takes each tenant for one of two hundred, so that in a
-- young table any index that begins with the tenant looks as good as the one that has the row's key. Sessions keep such a
-- plan, and read all rows of the tenant for each key they look up. That a tenant may be all there is keeps them to the
-- key. The first ANALYZE replaces this by what is so.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN
    SELECT relname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE attname = 'tenant_id' AND relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_stats WHERE schemaname = 'public' AND tablename = relname AND pg_stats.attname = 'tenant_id')
  LOOP
    PERFORM pg_restore_attribute_stats('schemaname', 'public', 'relname', name, 'attname', 'tenant_id', 'inherited', false,
      'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real);
  END LOOP;
END $$;
