/** Text: cutting, searching, padding, splitting, comparing. Lengths count code points. */
import { type FunctionDeclaration, scalar } from './declare.ts'

/** An unbounded varchar takes part in length arithmetic with this number. */
export const UNBOUNDED_LENGTH = 2_147_483_647

const trimming = (name: string) =>
  scalar(name, [
    '(varchar(x)) -> varchar(x)',
    '(char(x)) -> char(x)',
    '(varchar(x), varchar) -> varchar(x)',
    '(char(x), varchar) -> char(x)',
  ])

export const stringDeclarations: readonly FunctionDeclaration[] = [
  scalar('chr', ['(bigint) -> varchar(1)']),
  scalar('codepoint', ['(varchar(1)) -> integer']),
  scalar('concat', [
    '(varchar, varchar...) -> varchar',
    '(varbinary, varbinary...) -> varbinary',
    {
      text: '(char(x), char(y)) -> char(z)',
      bind: ({ x = 0, y = 0 }) => ({ z: x + y }),
    },
    '(array(E), array(E)...) -> array(E)',
    '(array(E), E) -> array(E)',
    '(E, array(E)) -> array(E)',
  ]),
  scalar('concat_ws', ['(varchar, varchar...) -> varchar', '(varchar, array(varchar)) -> varchar']),
  scalar('format', ['(varchar, any...) -> varchar']),
  scalar('format_number', ['(bigint) -> varchar', '(double) -> varchar']),
  scalar('hamming_distance', ['(varchar(x), varchar(y)) -> bigint']),
  scalar('length', ['(varchar(x)) -> bigint', '(char(x)) -> bigint', '(varbinary) -> bigint']),
  scalar('levenshtein_distance', ['(varchar(x), varchar(y)) -> bigint']),
  scalar('lower', ['(varchar(x)) -> varchar(x)', '(char(x)) -> char(x)']),
  scalar('upper', ['(varchar(x)) -> varchar(x)', '(char(x)) -> char(x)']),
  scalar('lpad', ['(varchar(x), bigint, varchar(y)) -> varchar', '(varbinary, bigint, varbinary) -> varbinary']),
  scalar('rpad', ['(varchar(x), bigint, varchar(y)) -> varchar', '(varbinary, bigint, varbinary) -> varbinary']),
  trimming('ltrim'),
  trimming('rtrim'),
  trimming('trim'),
  scalar('luhn_check', ['(varchar) -> boolean']),
  scalar('normalize', ['(varchar(x)) -> varchar', '(varchar(x), varchar(y)) -> varchar']),
  scalar('replace', [
    '(varchar(x), varchar(y)) -> varchar(x)',
    {
      text: '(varchar(x), varchar(y), varchar(z)) -> varchar(u)',
      bind: ({ x = 0, z = 0 }) => ({ u: Math.min(UNBOUNDED_LENGTH, x + z * (x + 1)) }),
    },
  ]),
  scalar('reverse', ['(varchar(x)) -> varchar(x)', '(array(E)) -> array(E)', '(varbinary) -> varbinary']),
  scalar('soundex', ['(varchar(x)) -> varchar(4)']),
  scalar('split', [
    '(varchar(x), varchar(y)) -> array(varchar(x))',
    '(varchar(x), varchar(y), bigint) -> array(varchar(x))',
  ]),
  scalar('split_part', ['(varchar(x), varchar(y), bigint) -> varchar(x)']),
  scalar('split_to_map', [
    '(varchar, varchar, varchar) -> map(varchar, varchar)',
    '(varchar, varchar, varchar, function(varchar, varchar, varchar, varchar)) -> map(varchar, varchar)',
  ]),
  scalar('split_to_multimap', ['(varchar, varchar, varchar) -> map(varchar, array(varchar))']),
  scalar('strpos', ['(varchar(x), varchar(y)) -> bigint', '(varchar(x), varchar(y), bigint) -> bigint']),
  scalar('starts_with', ['(varchar(x), varchar(y)) -> boolean']),
  scalar(
    'substr',
    [
      '(varchar(x), bigint) -> varchar(x)',
      '(varchar(x), bigint, bigint) -> varchar(x)',
      '(char(x), bigint) -> varchar(x)',
      '(char(x), bigint, bigint) -> varchar(x)',
      '(varbinary, bigint) -> varbinary',
      '(varbinary, bigint, bigint) -> varbinary',
    ],
    { aliases: ['substring'] },
  ),
  scalar('translate', ['(varchar(x), varchar(y), varchar(z)) -> varchar']),
  scalar('word_stem', ['(varchar(x)) -> varchar(x)', '(varchar(x), varchar(2)) -> varchar(x)']),
  scalar('index', ['(varchar, varchar) -> bigint']),
  scalar('char2hexint', ['(varchar) -> varchar']),
  scalar('from_utf8', [
    '(varbinary) -> varchar',
    '(varbinary, varchar(x)) -> varchar',
    '(varbinary, bigint) -> varchar',
  ]),
  scalar('to_utf8', ['(varchar(x)) -> varbinary', '(char(x)) -> varbinary']),
  scalar('ngrams', ['(array(T), bigint) -> array(array(T))']),
]

export const regexpDeclarations: readonly FunctionDeclaration[] = [
  scalar('regexp_like', ['(varchar(x), varchar) -> boolean']),
  scalar('regexp_extract', ['(varchar(x), varchar) -> varchar(x)', '(varchar(x), varchar, bigint) -> varchar(x)']),
  scalar('regexp_extract_all', [
    '(varchar(x), varchar) -> array(varchar(x))',
    '(varchar(x), varchar, bigint) -> array(varchar(x))',
  ]),
  scalar('regexp_replace', [
    '(varchar(x), varchar) -> varchar(x)',
    {
      text: '(varchar(x), varchar, varchar(y)) -> varchar(z)',
      bind: ({ x = 0, y = 0 }) => ({
        z: Math.min(UNBOUNDED_LENGTH, x + Math.max(Math.floor((x * y) / 2), y) * (x + 1)),
      }),
    },
    '(varchar(x), varchar, function(array(varchar(x)), varchar)) -> varchar',
  ]),
  scalar('regexp_split', ['(varchar(x), varchar) -> array(varchar(x))']),
  scalar('regexp_count', ['(varchar(x), varchar) -> bigint']),
  scalar('regexp_position', [
    '(varchar(x), varchar) -> integer',
    '(varchar(x), varchar, bigint) -> integer',
    '(varchar(x), varchar, bigint, bigint) -> integer',
  ]),
]

export const urlDeclarations: readonly FunctionDeclaration[] = [
  scalar('url_extract_protocol', ['(varchar(x)) -> varchar(x)']),
  scalar('url_extract_host', ['(varchar(x)) -> varchar(x)']),
  scalar('url_extract_port', ['(varchar(x)) -> bigint']),
  scalar('url_extract_path', ['(varchar(x)) -> varchar(x)']),
  scalar('url_extract_query', ['(varchar(x)) -> varchar(x)']),
  scalar('url_extract_fragment', ['(varchar(x)) -> varchar(x)']),
  scalar('url_extract_parameter', ['(varchar(x), varchar(y)) -> varchar(x)']),
  scalar('url_encode', [
    {
      text: '(varchar(x)) -> varchar(y)',
      bind: ({ x = 0 }) => ({ y: Math.min(UNBOUNDED_LENGTH, x * 12) }),
    },
  ]),
  scalar('url_decode', ['(varchar(x)) -> varchar(x)']),
]
