import { expect, test } from 'vitest'
import { filters } from '../../../runner/template/filters/all.ts'
import { globals } from '../../../runner/template/globals.ts'
import { lookups } from '../../../runner/template/lookups/call.ts'
import { tests } from '../../../runner/template/tests/all.ts'

/** What the playbook language has, by name. */
const language = {
  filters: `abs attr batch bool capitalize center count default d dictsort escape e filesizeformat first float forceescape format groupby
    indent int items join last length list lower map max min pprint random reject rejectattr replace reverse round safe select selectattr
    slice sort string striptags sum title tojson trim truncate unique upper urlencode urlize wordcount wordwrap xmlattr
    b64decode b64encode basename dirname expanduser expandvars realpath relpath splitext win_basename win_dirname win_splitdrive path_join
    checksum hash md5 sha1 password_hash combine comment dict2items items2dict difference intersect symmetric_difference union zip
    zip_longest extract fileglob flatten from_json from_yaml from_yaml_all to_json to_nice_json to_yaml to_nice_yaml human_readable
    human_to_bytes log pow root mandatory product permutations combinations quote shuffle random_mac regex_escape regex_findall
    regex_replace regex_search rekey_on_member split strftime subelements ternary to_datetime to_uuid type_debug urldecode urlsplit
    vault unvault json_query dict keep_keys remove_keys lists_mergeby counter version_sort
    ipaddr ipv4 ipv6 ipsubnet ipmath ipwrap next_nth_usable network_in_usable network_in_network nthhost previous_nth_usable
    reduce_on_network cidr_merge hwaddr macaddr slaac ip4_hex`,
  tests: `defined undefined none boolean integer float number string mapping sequence iterable even odd divisibleby eq ne lt gt le ge in
    sameas escaped lower upper true false callable filter test success succeeded failed changed change skipped skip unreachable finished
    started reachable match search regex version version_compare subset superset issubset issuperset contains any all file directory link
    exists link_exists abs mount is_file is_dir is_link is_abs is_mount is_same_file same_file nan isnan truthy falsy vault_encrypted
    vaulted_file uri url urn`,
  lookups: `file template vars varnames env items dict list nested together subelements sequence lines pipe fileglob first_found
    indexed_items ini csvfile password random_choice inventory_hostnames config url unvault flattened`,
  globals: 'lookup query q now undef range dict namespace cycler joiner',
}
const known = { filters, tests, lookups, globals }

test.each(Object.keys(known) as (keyof typeof known)[])('all %s of the language are there', (kind) => {
  const missing = language[kind].split(/\s+/).filter((name) => !known[kind].has(name))
  expect(missing).toEqual([])
})
