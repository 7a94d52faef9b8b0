// Lays out schedules, levels, shifts and hand-overs.
#include "daemon/oncall_text.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "daemon/client_text.hpp"
#include "daemon/text_table.hpp"

namespace tocsin::daemon {
namespace {

using integrations::Json;

std::string names_at(const Json& object, std::string_view name, const char* none) {
    std::vector<std::string> names;
    for (const Json& item : items_at(object, name)) {
        names.push_back(one_line(item.as_text().value_or("")));
    }
    return names.empty() ? none : join(names, ", ");
}

std::string time_at(const Json& object, std::string_view name) {
    const std::string time = short_time(text_at(object, name));
    return time.empty() ? "-" : time;
}

/// `2h15m`, without the seconds; empty when there is no such time, or it is over.
std::string time_until(const Json& from, const Json& object, std::string_view name) {
    const auto now = parse_rfc3339(text_at(from, "at"));
    const auto then = parse_rfc3339(text_at(object, name));
    if (!now || !then || *then <= *now) return "";
    return format_duration(std::chrono::floor<minutes>(*then - *now));
}

std::string schedules_text(const Json& oncall) {
    std::vector<Cells> rows;
    for (const Json& schedule : items_at(oncall, "schedules")) {
        rows.push_back({text_at(schedule, "name"), names_at(schedule, "on_call", "-"),
                        time_at(schedule, "since"), time_at(schedule, "until"),
                        names_at(schedule, "next", "-"), names_at(schedule, "others", "-")});
    }
    if (rows.empty()) return "";
    rows.insert(rows.begin(),
                {"SCHEDULE", "ON CALL", "SINCE (UTC)", "UNTIL (UTC)", "NEXT", "OTHERS"});
    return "\n" + table(rows);
}

std::string levels_text(const Json& oncall) {
    std::vector<Cells> rows{{"LEVEL", "ASKS", "WHO ARE", "FOR"}};
    int number = 0;
    for (const Json& level : items_at(oncall, "levels")) {
        rows.push_back({std::to_string(++number), names_at(level, "notify", "-"),
                        names_at(level, "people", "nobody"), text_at(level, "wait")});
    }
    return "\n" + table(rows) + "Then everybody, and again from level 1, until somebody answers.\n";
}

/// Each schedule's shifts; those of the same people in a row are one.
std::string shifts_text(const Json& oncall) {
    if (oncall.find("shifts") == nullptr) return "";
    std::vector<Cells> rows{{"SCHEDULE", "FROM (UTC)", "UNTIL (UTC)", "ON CALL"}};
    for (const Json& shift : items_at(oncall, "shifts")) {
        Cells row{text_at(shift, "schedule"), time_at(shift, "from"), time_at(shift, "until"),
                  names_at(shift, "people", "-")};
        Cells& last = rows.back();
        if (last[0] == row[0] && last[3] == row[3]) {
            last[2] = row[2];
        } else {
            rows.push_back(std::move(row));
        }
    }
    return "\n" + table(rows);
}

}  // namespace

std::string on_call_line(const Json& oncall) {
    if (items_at(oncall, "on_call").empty()) return "nobody: no oncall configured";
    std::string line = names_at(oncall, "on_call", "");
    for (const Json& schedule : items_at(oncall, "schedules")) {
        if (text_at(schedule, "until").empty()) continue;
        line += "; " + text_at(schedule, "name") + " until " + time_at(schedule, "until") +
                " UTC, then " + names_at(schedule, "next", "-");
    }
    return line;
}

std::string oncall_text(const Json& oncall) {
    if (items_at(oncall, "on_call").empty()) {
        return "Nobody is on call: no oncall configured.\n";
    }
    return "On call at " + time_at(oncall, "at") +
           " UTC: " + names_at(oncall, "on_call", "nobody") + "\n" + schedules_text(oncall) +
           levels_text(oncall) + shifts_text(oncall);
}

std::string handover_text(const Json& oncall, const Json& open) {
    std::string text = "Hand-over note, " + time_at(oncall, "at") + " UTC\n\n";
    for (const Json& schedule : items_at(oncall, "schedules")) {
        text += text_at(schedule, "name") + ": " + names_at(schedule, "on_call", "nobody");
        const std::string wait = time_until(oncall, schedule, "until");
        if (wait.empty()) {
            text += " stays on call\n";
            continue;
        }
        text += " hands over to " + names_at(schedule, "next", "nobody") + " at " +
                time_at(schedule, "until") + " UTC, in " + wait + "\n";
    }
    if (items_at(oncall, "on_call").empty()) text += "Nobody is on call: no oncall configured.\n";
    if (items_at(open, "incidents").empty()) return text + "\nNothing is open.\n";
    return text + "\nOpen incidents\n" + incidents_text(open);
}

}  // namespace tocsin::daemon
