"""The functions of PostgreSQL that change nothing, by family, and those that lose something for good.

Only what is listed here may be called by a statement that counts as a read; a function that is not, is at least a
write. The server looks into its own catalogue before any other schema, so that these are its own functions; the one
exception is the extension pg_stat_statements. Source: PostgreSQL manual, chapters Functions and Operators, Monitoring,
and SQL Key Words.
"""

_AGGREGATES = """
count sum avg min max bool_and bool_or every any_value string_agg array_agg json_agg jsonb_agg json_object_agg
jsonb_object_agg xmlagg bit_and bit_or bit_xor stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop
covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy percentile_cont
percentile_disc mode range_agg range_intersect_agg grouping
"""
_WINDOWS = """
row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
"""
_CONDITIONS = "coalesce nullif greatest least num_nulls num_nonnulls"
_NUMBERS = """
abs ceil ceiling floor round trunc sign mod div power pow sqrt cbrt exp ln log log10 random degrees radians pi sin cos
tan cot asin acos atan atan2 sinh cosh tanh width_bucket gcd lcm scale min_scale trim_scale factorial numeric int4 int8
float8
"""
_TEXTS = """
length char_length character_length octet_length bit_length lower upper initcap left right lpad rpad ltrim rtrim btrim
trim substring substr position strpos replace translate repeat reverse split_part concat concat_ws format to_char
to_number to_hex ascii chr md5 sha224 sha256 sha384 sha512 encode decode convert_from convert_to quote_ident
quote_literal quote_nullable regexp_match regexp_matches regexp_replace regexp_count regexp_instr regexp_like
regexp_substr regexp_split_to_array regexp_split_to_table string_to_array string_to_table array_to_string starts_with
overlay normalize unistr bpchar
"""
_TIMES = """
now age date_part date_trunc date_bin extract make_date make_time make_timestamp make_timestamptz make_interval to_date
to_timestamp timezone clock_timestamp statement_timestamp transaction_timestamp timeofday justify_days justify_hours
justify_interval isfinite current_timestamp current_time localtime localtimestamp date timestamptz timetz
"""
_ARRAYS_AND_DOCUMENTS = """
unnest generate_series generate_subscripts cardinality array_length array_ndims array_dims array_lower array_upper
array_position array_positions array_append array_prepend array_cat array_remove array_replace array_fill trim_array
json_build_object json_build_array jsonb_build_object jsonb_build_array json_array_length jsonb_array_length
json_array_elements jsonb_array_elements json_array_elements_text jsonb_array_elements_text json_each jsonb_each
json_each_text jsonb_each_text json_extract_path jsonb_extract_path json_extract_path_text jsonb_extract_path_text
json_object_keys jsonb_object_keys json_typeof jsonb_typeof json_strip_nulls jsonb_strip_nulls jsonb_pretty jsonb_set
jsonb_insert jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first to_json
to_jsonb row_to_json array_to_json json_to_record jsonb_to_record json_to_recordset jsonb_to_recordset
lower_inc upper_inc isempty int4range int8range numrange tsrange tstzrange daterange
"""
_SEARCH_AND_NETWORK = """
to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline setweight
host hostmask masklen netmask network broadcast family abbrev inet_same_family inet_merge
"""
_SERVER = """
version current_setting current_database current_schema current_schemas current_query current_user session_user
inet_client_addr inet_client_port inet_server_addr inet_server_port pg_backend_pid pg_blocking_pids
pg_safe_snapshot_blocking_pids pg_postmaster_start_time pg_conf_load_time pg_is_in_recovery pg_is_wal_replay_paused
pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn
pg_last_xact_replay_timestamp pg_wal_lsn_diff pg_walfile_name pg_current_xact_id_if_assigned
txid_current_if_assigned pg_xact_commit_timestamp pg_lock_status pg_show_all_settings pg_stat_statements
pg_stat_statements_info pg_buffercache_summary pg_sleep pg_sleep_for pg_trigger_depth pg_my_temp_schema pg_jit_available
pg_timezone_names gen_random_uuid
"""
_STATISTICS = """
pg_stat_get_activity pg_stat_get_wal_senders pg_stat_get_numscans pg_stat_get_live_tuples pg_stat_get_dead_tuples
pg_stat_get_db_conflict_all pg_stat_get_db_numbackends pg_stat_get_db_deadlocks pg_stat_get_db_xact_commit
pg_stat_get_db_xact_rollback pg_stat_get_last_vacuum_time pg_stat_get_last_autovacuum_time
pg_stat_get_last_analyze_time pg_stat_get_last_autoanalyze_time pg_stat_get_backend_pid pg_stat_get_backend_activity
pg_stat_get_backend_idset
"""
_CATALOGUE = """
pg_size_pretty pg_size_bytes pg_database_size pg_table_size pg_total_relation_size pg_relation_size pg_indexes_size
pg_tablespace_size pg_column_size pg_column_compression pg_get_indexdef pg_get_constraintdef pg_get_viewdef
pg_get_functiondef pg_get_function_arguments pg_get_function_result pg_get_triggerdef pg_get_ruledef pg_get_expr
pg_get_userbyid pg_get_serial_sequence pg_get_partkeydef pg_get_partition_constraintdef pg_partition_tree
pg_partition_root pg_encoding_to_char pg_relation_filepath pg_relation_is_updatable pg_typeof format_type
col_description obj_description shobj_description pg_describe_object pg_table_is_visible pg_function_is_visible
pg_type_is_visible to_regclass to_regtype to_regproc to_regnamespace to_regrole has_table_privilege
has_column_privilege has_schema_privilege has_database_privilege has_function_privilege has_sequence_privilege
has_any_column_privilege has_tablespace_privilege pg_has_role row_security_active currval lastval
pg_sequence_last_value txid_visible_in_snapshot aclexplode acldefault pg_options_to_table
"""

PURE = frozenset(
    " ".join(
        (
            _AGGREGATES,
            _WINDOWS,
            _CONDITIONS,
            _NUMBERS,
            _TEXTS,
            _TIMES,
            _ARRAYS_AND_DOCUMENTS,
            _SEARCH_AND_NETWORK,
            _SERVER,
            _STATISTICS,
            _CATALOGUE,
        )
    ).split()
)
"""Functions that change nothing, whatever they are given."""

_SYNTAX_TEXT = """
select from where having and or not in exists any all some on using as values when then else case between distinct
union except intersect limit offset group order lateral row array cast only with returning
numeric decimal varchar char character bit timestamp time interval float
"""
SYNTAX = frozenset(_SYNTAX_TEXT.split())
"""Words that no function can be named after unless it is quoted, and that may stand before a bracket."""

_FINAL_TEXT = """
lo_unlink pg_file_unlink pg_file_write pg_drop_replication_slot pg_replication_origin_drop
pg_logical_slot_get_changes pg_logical_slot_get_binary_changes pg_replication_slot_advance
pg_stat_reset pg_stat_reset_shared pg_stat_reset_single_table_counters pg_stat_reset_single_function_counters
pg_stat_reset_slru pg_stat_reset_replication_slot pg_stat_statements_reset
dblink dblink_exec dblink_open dblink_send_query query_to_xml query_to_xmlschema query_to_xml_and_xmlschema
cursor_to_xml ts_stat ts_rewrite
"""
FINAL = frozenset(_FINAL_TEXT.split())
"""Functions that lose something for good, or run any SQL that they are given."""
