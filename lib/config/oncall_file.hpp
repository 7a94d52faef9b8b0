#pragma once
// oncall.yaml: its settings, and how it becomes the people and schedules of Oncall.

#include <string>
#include <vector>

#include "config/names.hpp"
#include "config/oncall.hpp"
#include "config/special_values.hpp"
#include "core/policy.hpp"

namespace tocsin::config {

using Target = Located<std::string>;

struct PersonRow {
    Located<std::string> name;
    std::string email;
    std::string slack;
    std::string pagerduty;
    std::string phone;
    std::string ntfy;
    Located<std::string> time_zone = Person().time_zone;
};

struct LayerRow {
    std::vector<Target> people;
    std::vector<Weekday> days;
    std::optional<Hours> hours;
    Located<std::string> time_zone = Layer().time_zone;
    std::optional<Located<Duration>> rotate;
    std::optional<WrittenTime> start;
    Position at;
};

struct OverrideRow {
    Target person;
    Target replaces;
    Instant from;
    Located<Instant> to;
};

struct SwapRow {
    Located<std::vector<Target>> people;
    Instant from;
    Located<Instant> to;
};

struct ScheduleRow {
    Located<std::string> name;
    std::vector<LayerRow> layers;
    std::vector<OverrideRow> overrides;
    std::vector<SwapRow> swaps;
    bool overlap = false;
    Position at;
};

struct LevelRow {
    std::vector<Target> notify;
    Located<Duration> wait = EscalationLevel().wait;
    Position at;
};

struct OncallFile {
    std::vector<PersonRow> people;
    std::vector<ScheduleRow> schedules;
    std::vector<std::pair<std::string, std::vector<Target>>> teams;
    std::vector<LevelRow> escalation;
    std::vector<std::pair<std::string, Target>> owners;
    std::vector<std::pair<std::string, Target>> contacts;
};

schema::Table<OncallFile> table_of(const OncallFile*);

/// Reads and checks oncall.yaml: unknown names, schedules with gaps or overlaps, levels that ask
/// nobody; whom none of `pagers` reaches (a warning, if any of them reaches persons).
[[nodiscard]] Oncall compile_oncall(const std::string& path, const std::string& text,
                                    const std::vector<core::Pager>& pagers,
                                    schema::Diagnostics& diagnostics);

/// A schedule in which somebody is always on call has no gap, and no two layers at once unless it
/// says `overlap: true`; looked at over a whole year, so that clock changes count.
void check_coverage(const ScheduleRow& row, const schema::Reader& reader);

/// Every level asks somebody at any instant of that year, by some pager that reaches them.
void check_levels(const OncallFile& file, const Oncall& oncall,
                  const std::vector<core::Pager>& pagers, const schema::Reader& reader);

}  // namespace tocsin::config
