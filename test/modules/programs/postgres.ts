import { importPackage, type Program } from '../program.ts';

interface Database {
  readonly exec: (sql: string) => Promise<unknown>;
  readonly query: (sql: string) => Promise<{ readonly rows: unknown }>;
}

interface PGlite {
  readonly PGlite: { readonly create: (options: object) => Promise<Database> };
}

/**
 * SQL statements. Errors unwind by `longjmp` through JavaScript. A side module contains the
 * functions of the extension.
 */
const STATEMENTS = [
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
   SELECT count(*), sum(i * i % 7), md5(string_agg(i::text, ',')) FROM n`,
  'SELECT 1 / 0',
  'SELECT no_such_column',
  "SELECT similarity('metering', 'metered') AS similarity, sqrt(2)::text AS root, 2::numeric ^ 200 AS big",
  'SELECT * FROM json_to_recordset(\'[{"a": 2}, {"a": 1}]\') AS t(a int) ORDER BY a',
];

/** An endless query. It stores no rows, so only the work grows. */
const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n';

export async function start(): Promise<Program> {
  const { PGlite } = await importPackage<PGlite>('@electric-sql/pglite');
  const extension = await importPackage<{ pg_trgm: object }>('@electric-sql/pglite/contrib/pg_trgm');
  const database = await PGlite.create({ extensions: { pg_trgm: extension.pg_trgm } });
  await database.exec('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  const answer = async (sql: string): Promise<unknown> => {
    try {
      return (await database.query(sql)).rows;
    } catch (error) {
      return String(error);
    }
  };
  return {
    run: async () => {
      const answers: unknown[] = [];
      for (const statement of STATEMENTS) answers.push(await answer(statement));
      return JSON.stringify(answers);
    },
    endless: () => database.query(ENDLESS),
  };
}
