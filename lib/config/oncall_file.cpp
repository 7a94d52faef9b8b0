// One row per key of oncall.yaml (design §4.3), and the checks of the names in it.
#include "config/oncall_file.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/zones.hpp"
#include "core/limits.hpp"
#include "schema/yaml.hpp"

namespace tocsin::config {

using schema::field;
using schema::Need;
using schema::Table;

Table<PersonRow> table_of(const PersonRow*) {
    using Row = PersonRow;
    return {"person",
            {field("name", &Row::name, "How everything else calls this person.", Need::required),
             field("email", &Row::email, "E-mail address."),
             field("slack", &Row::slack, "Slack member id."),
             field("pagerduty", &Row::pagerduty, "PagerDuty user id."),
             field("phone", &Row::phone, "Phone number, in quotes: \"+15550100\"."),
             field("ntfy", &Row::ntfy, "ntfy topic."),
             field("time_zone", &Row::time_zone, "IANA time zone.")}};
}

Table<LayerRow> table_of(const LayerRow*) {
    using Row = LayerRow;
    return {
        "layer",
        {field("people", &Row::people, "Who is on call.", Need::required),
         field("days", &Row::days, "Days on which it begins; none: all."),
         field("hours", &Row::hours, "From-to, local time; none: around the clock."),
         field("time_zone", &Row::time_zone, "IANA time zone."),
         field("rotate", &Row::rotate,
               "Length of a turn; none: all its people at once. Turns of whole days keep to the "
               "local clock."),
         field("start", &Row::start,
               "When the first turn began; without an offset in the layer's `time_zone`.")}};
}

Table<OverrideRow> table_of(const OverrideRow*) {
    return {
        "override",
        {field("person", &OverrideRow::person, "Who steps in.", Need::required),
         field("replaces", &OverrideRow::replaces, "For whom; none: for everybody on call then."),
         field("from", &OverrideRow::from, "Start; UTC without an offset.", Need::required),
         field("to", &OverrideRow::to, "End; UTC without an offset.", Need::required)}};
}

Table<SwapRow> table_of(const SwapRow*) {
    return {
        "swap",
        {field("people", &SwapRow::people, "The two who have each other's shifts.", Need::required),
         field("from", &SwapRow::from, "Start; UTC without an offset.", Need::required),
         field("to", &SwapRow::to, "End; UTC without an offset.", Need::required)}};
}

Table<ScheduleRow> table_of(const ScheduleRow*) {
    return {"schedule",
            {field("name", &ScheduleRow::name, "Name.", Need::required),
             field("layers", &ScheduleRow::layers, "Who is on call when.", Need::required),
             field("overrides", &ScheduleRow::overrides, "Who steps in when."),
             field("swaps", &ScheduleRow::swaps, "Which two exchange their shifts when."),
             field("overlap", &ScheduleRow::overlap, "Two layers may be on call at once.")}};
}

Table<LevelRow> table_of(const LevelRow*) {
    return {"level",
            {field("notify", &LevelRow::notify, "schedule/NAME[#others], team/NAME, person/NAME.",
                   Need::required),
             field("wait", &LevelRow::wait, "How long until the next level.")}};
}

Table<OncallFile> table_of(const OncallFile*) {
    using File = OncallFile;
    return {"on-call file",
            {field("people", &File::people, "The people."),
             field("schedules", &File::schedules, "Who is on call when."),
             field("teams", &File::teams, "Names of groups of people."),
             field("escalation", &File::escalation,
                   "Whom to reach, level by level; none: the schedules, their #others, everybody."),
             field("owners", &File::owners, "Who owns which feature."),
             field("contacts", &File::contacts, "Who is asked for what.")}};
}

namespace {

class OncallCompiler {
public:
    OncallCompiler(const OncallFile& file, const schema::Reader& reader)
        : file_(file), reader_(reader) {}

    Oncall compile() {
        collect_names();
        for (const PersonRow& row : file_.people) add_person(row);
        for (const ScheduleRow& row : file_.schedules) add_schedule(row);
        for (const auto& [name, members] : file_.teams) add_team(name, members);
        for (const LevelRow& row : file_.escalation) add_level(row);
        if (!file_.escalation.empty()) {
            check_count(file_.escalation.front().at, file_.escalation.size(),
                        core::limits::escalation_levels_max, "levels");
        }
        for (const auto& [name, target] : file_.owners) {
            check_target(target, false);
            oncall_.owners.emplace_back(name, target.value);
        }
        for (const auto& [name, target] : file_.contacts) {
            check_target(target, false);
            oncall_.contacts.emplace_back(name, target.value);
        }
        return std::move(oncall_);
    }

private:
    void collect_names() {
        for (const PersonRow& row : file_.people) {
            if (std::find(people_.begin(), people_.end(), row.name.value) != people_.end()) {
                twice(row.name, "person");
            }
            people_.push_back(row.name.value);
            if (people_.size() == core::limits::people_max + 1) {
                reader_.error(row.name.at,
                              "more than " + std::to_string(core::limits::people_max) + " people");
                break;
            }
        }
        for (const ScheduleRow& row : file_.schedules) {
            if (std::find(schedules_.begin(), schedules_.end(), row.name.value) !=
                schedules_.end()) {
                twice(row.name, "schedule");
            }
            schedules_.push_back(row.name.value);
        }
        for (const auto& [name, members] : file_.teams) teams_.push_back(name);
    }

    void twice(const Target& name, const std::string& what) {
        reader_.error(name.at,
                      "the " + what + " `" + truncate(name.value, 80) + "` stands here twice");
    }

    void check_zone(const Target& zone) {
        if (const auto problem = zone_problem(zone.value)) reader_.error(zone.at, *problem);
    }

    void check_known(const Target& at, const std::string& what, const std::string& name,
                     const std::vector<std::string>& known) {
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        schema::unknown_name(at.at, what, name, known, reader_);
    }

    void add_person(const PersonRow& row) {
        check_zone(row.time_zone);
        oncall_.people.push_back({.name = row.name.value,
                                  .email = row.email,
                                  .slack = row.slack,
                                  .pagerduty = row.pagerduty,
                                  .phone = row.phone,
                                  .ntfy = row.ntfy,
                                  .time_zone = row.time_zone.value});
    }

    void add_schedule(const ScheduleRow& row) {
        Schedule schedule{.name = row.name.value, .layers = {}, .overrides = {}, .swaps = {}};
        for (const LayerRow& layer : row.layers) schedule.layers.push_back(layer_of(layer));
        check_count(row.at, row.overrides.size() + row.swaps.size(),
                    core::limits::schedule_exceptions_max, "overrides and swaps");
        for (const OverrideRow& one : row.overrides) add_override(one, schedule);
        for (const SwapRow& one : row.swaps) add_swap(one, schedule);
        oncall_.schedules.push_back(std::move(schedule));
        check_coverage(row, reader_);
    }

    void check_count(Position at, std::size_t count, std::size_t most, const std::string& what) {
        if (count > most) reader_.error(at, "more than " + std::to_string(most) + " " + what);
    }

    void add_override(const OverrideRow& row, Schedule& schedule) {
        check_known(row.person, "person", row.person.value, people_);
        if (row.replaces.given) check_known(row.replaces, "person", row.replaces.value, people_);
        if (row.to.given && row.to.value <= row.from) {
            reader_.error(row.to.at, "the override ends before it begins");
        }
        schedule.overrides.push_back({.person = row.person.value,
                                      .replaces = row.replaces.value,
                                      .from = row.from,
                                      .to = row.to.value});
    }

    void add_swap(const SwapRow& row, Schedule& schedule) {
        const std::vector<Target>& people = row.people.value;
        for (const Target& person : people) {
            check_known(person, "person", person.value, people_);
        }
        if (row.people.given && (people.size() != 2 || people[0].value == people[1].value)) {
            reader_.error(row.people.at, "a swap has two different people");
            return;
        }
        if (!row.people.given) return;
        if (row.to.given && row.to.value <= row.from) {
            reader_.error(row.to.at, "the swap ends before it begins");
        }
        schedule.swaps.push_back({.one = people[0].value,
                                  .other = people[1].value,
                                  .from = row.from,
                                  .to = row.to.value});
    }

    Layer layer_of(const LayerRow& row) {
        check_zone(row.time_zone);
        Layer layer{.people = {},
                    .days = row.days,
                    .hours = row.hours,
                    .time_zone = row.time_zone.value,
                    .rotate = {},
                    .start = row.start};
        if (row.people.empty()) reader_.error(row.at, "the layer has no people");
        for (const Target& person : row.people) {
            check_known(person, "person", person.value, people_);
            layer.people.push_back(person.value);
        }
        if (row.rotate) {
            layer.rotate = row.rotate->value;
            if (row.rotate->value < hours(1)) {
                reader_.error(row.rotate->at, "`rotate` must be 1h or more");
            }
            if (!row.start) reader_.error(row.rotate->at, "`rotate` needs a `start`");
        }
        return layer;
    }

    void add_team(const std::string& name, const std::vector<Target>& members) {
        std::vector<std::string> names;
        for (const Target& member : members) {
            check_known(member, "person", member.value, people_);
            names.push_back(member.value);
        }
        oncall_.teams.emplace_back(name, std::move(names));
    }

    void add_level(const LevelRow& row) {
        if (row.notify.empty()) reader_.error(row.at, "the level notifies nobody");
        check_count(row.at, row.notify.size(), core::limits::level_targets_max, "targets");
        if (row.wait.value < seconds(1)) reader_.error(row.wait.at, "`wait` must be 1s or more");
        EscalationLevel level{.notify = {}, .wait = row.wait.value};
        for (const Target& target : row.notify) {
            check_target(target, true);
            level.notify.push_back(target.value);
        }
        oncall_.escalation.push_back(std::move(level));
    }

    void check_target(const Target& target, bool schedules_too) {
        const std::size_t slash = target.value.find('/');
        const std::string kind = target.value.substr(0, slash);
        std::string name = slash == std::string::npos ? "" : target.value.substr(slash + 1);
        if (kind == "person" && !name.empty()) {
            check_known(target, "person", name, people_);
        } else if (kind == "team" && !name.empty()) {
            check_known(target, "team", name, teams_);
        } else if (kind == "schedule" && !name.empty() && schedules_too) {
            if (name.ends_with("#others")) name.resize(name.size() - 7);
            check_known(target, "schedule", name, schedules_);
        } else {
            reader_.error(target.at,
                          std::string("expected ") +
                              (schedules_too ? "schedule/NAME, schedule/NAME#others, " : "") +
                              "team/NAME or person/NAME, found `" + truncate(target.value, 80) +
                              "`");
        }
    }

    const OncallFile& file_;
    const schema::Reader& reader_;
    std::vector<std::string> people_;
    std::vector<std::string> schedules_;
    std::vector<std::string> teams_;
    Oncall oncall_;
};

}  // namespace

Oncall compile_oncall(const std::string& path, const std::string& text,
                      const std::vector<core::Pager>& pagers, schema::Diagnostics& diagnostics) {
    schema::Diagnostics own;
    const auto root = schema::read_yaml(path, text, own,
                                        {.bytes_max = core::limits::rule_file_bytes_max,
                                         .depth_max = core::limits::yaml_depth_max});
    Oncall oncall;
    if (root) {
        const schema::Reader reader{.file = path, .diagnostics = own};
        OncallFile file;
        schema::read_table(file, table_of(&file), *root, reader);
        oncall = OncallCompiler(file, reader).compile();
        // These look at shifts, which only a sound file has.
        if (!own.has_errors()) check_levels(file, oncall, pagers, reader);
    }
    diagnostics.merge(own);
    return oncall;
}

}  // namespace tocsin::config
