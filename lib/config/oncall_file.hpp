#pragma once
// oncall.yaml: its settings, and how it becomes the people and schedules of Oncall.

#include <string>
#include <vector>

#include "config/names.hpp"
#include "config/oncall.hpp"
#include "config/special_values.hpp"

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
    std::optional<Instant> start;
    Position at;
};

struct OverrideRow {
    Target person;
    Instant from;
    Located<Instant> to;
};

struct ScheduleRow {
    Located<std::string> name;
    std::vector<LayerRow> layers;
    std::vector<OverrideRow> overrides;
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

/// Reads and checks oncall.yaml: unknown names, gaps (errors) and overlaps (warnings) of schedules.
[[nodiscard]] Oncall compile_oncall(const std::string& path, const std::string& text,
                                    schema::Diagnostics& diagnostics);

/// A schedule in which somebody is always on call has no gap; looked at hour by local hour over a
/// whole year, so that clock changes count.
void check_coverage(const ScheduleRow& row, const schema::Reader& reader);

}  // namespace tocsin::config
