// Finds the times at which nobody, or two layers at once, would be on call.
#include <algorithm>

#include "base/text.hpp"
#include "config/oncall_file.hpp"
#include "config/zones.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

constexpr Instant year_begins = year_of_checks.from;
constexpr Instant year_ends = year_of_checks.until;

struct Covered {
    core::Interval interval;
    std::size_t layer = 0;
};

std::vector<Covered> covered_by(const std::vector<LayerRow>& layers) {
    std::vector<Covered> all;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerRow& layer = layers[i];
        const auto intervals =
            expand_hours(layer.time_zone.value, layer.days, layer.hours.value_or(Hours()),
                         year_begins - hours(48), year_ends + hours(48));
        for (const core::Interval& one : intervals) all.push_back({.interval = one, .layer = i});
    }
    std::sort(all.begin(), all.end(),
              [](const Covered& a, const Covered& b) { return a.interval < b.interval; });
    return all;
}

}  // namespace

std::string moment(Instant instant) {
    constexpr std::array<std::string_view, 7> names{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
    const std::chrono::weekday day(std::chrono::floor<std::chrono::days>(instant));
    const std::string text = format_rfc3339(instant);
    return std::string(names[day.c_encoding()]) + " " + text.substr(0, 10) + " " +
           text.substr(11, 5);
}

void check_coverage(const ScheduleRow& row, const schema::Reader& reader) {
    const std::string named = "the schedule `" + truncate(row.name.value, 80) + "`";
    if (row.layers.empty() || row.layers.size() > core::limits::schedule_layers_max) {
        reader.error(row.at, named + " must have between 1 and " +
                                 std::to_string(core::limits::schedule_layers_max) + " layers");
        return;
    }
    for (const LayerRow& layer : row.layers) {
        if (zone_problem(layer.time_zone.value)) return;  // reported with the zone
    }
    Instant until = year_begins;
    bool overlaps = false;
    std::size_t last = row.layers.size();
    for (const Covered& one : covered_by(row.layers)) {
        const auto [from, to] = one.interval;
        if (from > until && until < year_ends) {
            reader.error(row.at,
                         named + " has a gap: nobody is on call from " + moment(until) + " to " +
                             moment(std::min(from, year_ends)) + " UTC",
                         "extend a layer's `hours` or `days`, or add a layer");
            return;
        }
        const bool first_clash = !row.overlap && from < until && to > year_begins &&
                                 from >= year_begins && one.layer != last && !overlaps;
        if (first_clash) {
            overlaps = true;
            reader.error(row.layers[one.layer].at,
                         named + " has two layers on call at once, from " + moment(from) + " UTC",
                         "write `overlap: true` beside `layers` if that is meant");
        }
        if (to >= until) last = one.layer;
        until = std::max(until, to);
    }
    if (until >= year_ends) return;
    reader.error(row.at, named + " has a gap: nobody is on call from " + moment(until) + " UTC on");
}

}  // namespace tocsin::config
