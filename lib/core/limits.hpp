#pragma once
// Every bound of the program, by name, with the reason for its size.

#include <cstddef>

#include "base/time.hpp"
#include "core/limits_page.hpp"

namespace tocsin::core::limits {

// Intake (design §3).
inline constexpr std::size_t connections_max = 16'384;
inline constexpr std::size_t header_bytes_max = 8 * 1024;
inline constexpr std::size_t untrusted_connections_per_peer_max = 512;  // remote, without a token
inline constexpr std::size_t descriptors_reserved = 256;  // files and outbound, kept from intake
inline constexpr Duration head_within = seconds(10);
inline constexpr Duration body_within = seconds(10);
inline constexpr std::size_t bytes_per_second_min = 256UL << 10;  // slower senders are cut off
inline constexpr Duration answer_within = seconds(60);  // a batch waits for one fsync, not for this
inline constexpr Duration write_within = seconds(30);
inline constexpr Duration idle_within = seconds(90);   // above the senders' own keep-alive
inline constexpr Duration linger_within = seconds(5);  // for a refused body to drain
inline constexpr std::size_t linger_bytes_max = 64UL << 20;
inline constexpr Duration wall_jump_min = seconds(30);
inline constexpr Duration file_within = seconds(30);  // an append on a hanging disk
inline constexpr std::size_t alert_body_bytes_max = 32UL << 20;
inline constexpr std::size_t bodies_in_flight_bytes_max = 64UL << 20;
inline constexpr std::size_t command_body_bytes_max = 256UL << 10;
inline constexpr std::size_t json_depth_max = 32;  // nlohmann's own recursion is unsafe far beyond
inline constexpr std::size_t labels_per_alert_max = 64;
inline constexpr std::size_t label_value_bytes_max = 1024;
inline constexpr std::size_t annotation_value_bytes_max = 16 * 1024;
inline constexpr std::size_t label_name_bytes_max = 1024;
inline constexpr std::size_t complaints_max = 10;  // about one body, in its answer and in the log

// Engine.
inline constexpr std::size_t inbox_items_max = 20'000;  // above the 16,384 connections of a storm
inline constexpr std::size_t batch_items_max = 1'024;   // requests stepped in one transaction
inline constexpr std::size_t batch_events_max = 20'000;
inline constexpr std::size_t ticks_per_batch_max = 1'000;
inline constexpr std::size_t signals_max = 2'000'000;      // past it new alerts get 503
inline constexpr std::size_t siblings_linked_max = 8;      // "also INC-8": more is a storm
inline constexpr std::size_t incidents_listed_max = 20;    // in one hand-over note or morning list
inline constexpr Duration tell_again_after = hours(1);     // a rule's `tell`, of one incident key
inline constexpr std::size_t told_remembered_max = 1'000;  // past it the oldest may be told again
inline constexpr std::size_t people_involved_max = 64;     // in one incident
inline constexpr std::size_t status_message_bytes_max = 8 * 1024;  // of a status page entry
inline constexpr std::size_t banner_characters_max = 160;  // visible: one line of the app (H-54)
inline constexpr std::size_t banner_bytes_max = 1024;      // with the addresses of its links
inline constexpr std::size_t incidents_kept_max = 10'000;  // past it none waits for its meeting
inline constexpr std::size_t merged_keys_max = 64;         // of incidents merged into one
inline constexpr std::size_t text_bytes_max = 64 * 1024;   // a rendered template, a note

// Maintenance windows.
inline constexpr std::size_t windows_max = 1'000;  // planned and active ones
inline constexpr std::size_t window_name_bytes_max = 64;
inline constexpr std::size_t window_rules_max = 100;
inline constexpr std::size_t url_bytes_max = 2'048;
inline constexpr Duration window_length_max = hours(24 * 31);  // longer is not maintenance
inline constexpr Duration window_ahead_max = hours(24 * 366);  // as far as schedules reach
inline constexpr Duration window_told_ahead = minutes(15);     // before it begins
inline constexpr Duration windows_shown_for = hours(24 * 30);  // after their end
inline constexpr std::size_t window_signals_listed_max = 20;   // the row is copied per signal
inline constexpr std::size_t window_signal_bytes_max = 160;

inline constexpr std::size_t pages_per_incident_max = 256;  // page records kept in one incident
inline constexpr std::size_t people_paged_max = 64;         // by one pager in one round

inline constexpr std::size_t page_receipts_max = 1'000;  // measured alert-to-page at a time
inline constexpr Duration store_probe_every = seconds(1);
inline constexpr Duration store_failing_max = seconds(60);      // of anything but a full disk
inline constexpr std::size_t verdict_lines_per_batch_max = 20;  // a storm is one summary line
inline constexpr Duration measure_every = seconds(10);          // polls and sources, for /metrics
inline constexpr Duration stop_within = seconds(15);  // then the rest is left to the restart
inline constexpr std::size_t log_value_bytes_max = 1024;

// HTTP interface.
inline constexpr std::size_t path_bytes_max = 1024;
inline constexpr std::size_t query_parameters_max = 32;
inline constexpr std::size_t query_bytes_max = 4 * 1024;
inline constexpr std::size_t reads_waiting_max = 64;  // past it reads get 503
inline constexpr std::size_t rejections_max = 5;      // 400s of one sender until it is an incident
inline constexpr Duration rejections_window = minutes(10);
inline constexpr std::size_t senders_watched_max = 1'000;
inline constexpr std::size_t name_bytes_max = 256;         // a person, a title's label name
inline constexpr std::size_t template_depth_max = 32;      // nested blocks and parentheses
inline constexpr std::size_t template_steps_max = 20'000;  // a `range` in a `range` is no bomb

// Answers of peers.
inline constexpr std::size_t status_line_bytes_max = 512;  // httplib recurses once per byte of it
inline constexpr std::size_t answer_line_bytes_max = 8 * 1024;   // a header, a chunk's size
inline constexpr std::size_t answer_head_bytes_max = 64 * 1024;  // with the 1xx ones before it
inline constexpr std::size_t response_bytes_max = 1UL << 20;
inline constexpr std::size_t mail_replies_bytes_max = 64 * 1024;  // of one SMTP conversation
inline constexpr Duration mail_farewell_within = seconds(1);      // the answer to QUIT is no news
inline constexpr std::size_t query_response_bytes_max = 32UL << 20;
inline constexpr std::size_t series_per_answer_max = 100'000;
inline constexpr std::size_t query_warnings_max = 100;  // looked at, of one answer

// Deliveries (reference/reliability.md §5).
inline constexpr Duration delivery_not_after = hours(24);  // then a delivery is dead
inline constexpr Duration page_retry_after_max = seconds(60);
inline constexpr Duration other_retry_after_max = hours(1);
inline constexpr Duration probe_interval_max = seconds(30);  // of a lane whose peer is failing
inline constexpr int failures_before_probing = 3;            // in a row, over the whole lane
inline constexpr int page_look_ups_max = 3;  // unanswered ones; then a page is rather sent twice
inline constexpr int sends_kept_for_critical_percent = 20;        // of sends_per_minute
inline constexpr Duration report_again_after = seconds(1);        // an event that was not committed
inline constexpr std::size_t pushed_between_lists_max = 500'000;  // then a list is not trusted

// Files.
inline constexpr std::size_t rule_file_bytes_max = 4UL << 20;
inline constexpr std::size_t yaml_depth_max = 32;
inline constexpr std::size_t ladder_steps_max = 16;
inline constexpr std::size_t rules_max = 20'000;
inline constexpr Duration rule_interval_min = seconds(1);
inline constexpr Duration rule_interval_max = hours(24);
inline constexpr std::size_t secret_bytes_max = 64 * 1024;
inline constexpr std::size_t sources_max = 1'000;
inline constexpr std::size_t schedule_layers_max = 64;
inline constexpr std::size_t people_max = 10'000;
inline constexpr std::size_t schedule_exceptions_max = 1'000;  // overrides and swaps of one
inline constexpr std::size_t escalation_levels_max = 32;
inline constexpr std::size_t level_targets_max = 64;
inline constexpr std::size_t maintenance_windows_max = 1'000;
// What is expanded to UTC (design §7 "Time"): a rota is asked of a month back.
inline constexpr Duration horizon_past = hours(24 * 35);
inline constexpr Duration horizon_ahead = hours(24 * 400);  // a year if it is never done again
inline constexpr Duration expand_again_every = hours(24);
inline constexpr Duration expand_retry = minutes(1);
inline constexpr std::size_t shift_names_max = 2'000'000;  // in all shifts: some 64 MiB
inline constexpr std::size_t shifts_listed_max = 10'000;   // in one answer
inline constexpr Duration shifts_listed_default = hours(24 * 7);

// Reads.
inline constexpr std::size_t list_limit_max = 1'000;

inline constexpr std::size_t rows_scanned_max = 2'000'000;  // by one filtered list request

// Store.
inline constexpr std::size_t checkpoint_wal_pages = 200;  // larger costs more of p99 (design §9)
inline constexpr std::size_t ballast_bytes_min = 4UL << 20;  // grows to twice the largest WAL
inline constexpr std::size_t ballast_bytes_max = 256UL << 20;
inline constexpr std::size_t probe_bytes = 64UL << 10;    // what a probe writes and removes
inline constexpr std::size_t retention_rows_max = 1'000;  // deleted per table and maintain()
inline constexpr std::size_t retention_bytes_max = 8UL << 20;
inline constexpr Duration retention_interval = minutes(1);

}  // namespace tocsin::core::limits
