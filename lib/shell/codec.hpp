#pragma once
// Codec: records as BLOBs, a version byte first; every released version stays readable.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "core/state.hpp"
#include "core/verdict.hpp"

namespace tocsin::shell::codec {

/// The version that is written. A new field goes behind an `if (version >= N)` and gets a golden
/// file of its own; the older files in tests/golden/codec/ are never touched.
inline constexpr std::uint8_t version = 2;

/// Appends the row to `out`. Names inside signals are written as text, found in `symbols`.
void encode(const core::Signal& signal, const core::Symbols& symbols, std::string& out);
void encode(const core::Incident& incident, std::string& out);
void encode(const core::Delivery& delivery, std::string& out);
void encode(const core::RuleHealth& health, std::string& out);
void encode(const core::TimelineEntry& entry, std::string& out);
void encode(const core::Verdict& verdict, std::string& out);
void encode(const core::Counters& counters, std::string& out);
void encode(const core::Window& window, std::string& out);
void encode(const core::Rota& rota, std::string& out);
/// `symbols` may be null unless the record is a signal.
void encode(const core::Record& record, const core::Symbols* symbols, std::string& out);

/// Bytes that no version of tocsin has written give `corrupt`, a later version's `newer`.
Result<core::Signal> decode_signal(std::string_view row, core::Symbols& symbols);
Result<core::Incident> decode_incident(std::string_view row);
Result<core::Delivery> decode_delivery(std::string_view row);
Result<core::RuleHealth> decode_rule_health(std::string_view row);
Result<core::TimelineEntry> decode_timeline_entry(std::string_view row);
Result<core::Verdict> decode_verdict(std::string_view row);
Result<core::Counters> decode_counters(std::string_view row);
Result<core::Window> decode_window(std::string_view row);
Result<core::Rota> decode_rota(std::string_view row);

/// What a list request filters by, read without the rest of the row; `rule` points into it.
struct VerdictHead {
    core::Outcome outcome = core::Outcome::clear;
    std::string_view rule;
};
Result<VerdictHead> decode_verdict_head(std::string_view row);
Result<core::IncidentState> decode_incident_state(std::string_view row);

}  // namespace tocsin::shell::codec
