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
    return {"layer",
            {field("people", &Row::people, "Who is on call.", Need::required),
             field("days", &Row::days, "Days on which it begins; none: all."),
             field("hours", &Row::hours, "From-to, local time; none: around the clock."),
             field("time_zone", &Row::time_zone, "IANA time zone."),
             field("rotate", &Row::rotate, "Length of a turn; none: all its people at once."),
             field("start", &Row::start, "When the first turn began.")}};
}

Table<OverrideRow> table_of(const OverrideRow*) {
    return {"override",
            {field("person", &OverrideRow::person, "Who steps in.", Need::required),
             field("from", &OverrideRow::from, "Start.", Need::required),
             field("to", &OverrideRow::to, "End.", Need::required)}};
}

Table<ScheduleRow> table_of(const ScheduleRow*) {
    return {"schedule",
            {field("name", &ScheduleRow::name, "Name.", Need::required),
             field("layers", &ScheduleRow::layers, "Who is on call when.", Need::required),
             field("overrides", &ScheduleRow::overrides, "Who steps in when.")}};
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
             field("escalation", &File::escalation, "Whom to reach, level by level."),
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
        for (const auto& [name, target] : file_.owners) {
            check_target(target, false);
            oncall_.owners.emplace_back(name, target.value);
        }
        for (const auto& [name, target] : file_.contacts) {
            check_target(target, false);
            oncall_.contacts.emplace_back(name, target.value);
        }
        if (!file_.escalation.empty()) {
            reader_.warning(file_.escalation.front().at, "`escalation` is not acted upon yet",
                            "pages go through `use.page` of tocsin.yaml");
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
        Schedule schedule{.name = row.name.value, .layers = {}, .overrides = {}};
        for (const LayerRow& layer : row.layers) schedule.layers.push_back(layer_of(layer));
        for (const OverrideRow& one : row.overrides) {
            check_known(one.person, "person", one.person.value, people_);
            if (one.to.given && one.to.value <= one.from) {
                reader_.error(one.to.at, "the override ends before it begins");
            }
            schedule.overrides.push_back(
                {.person = one.person.value, .from = one.from, .to = one.to.value});
        }
        oncall_.schedules.push_back(std::move(schedule));
        check_coverage(row, reader_);
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
                      schema::Diagnostics& diagnostics) {
    const auto root = schema::read_yaml(path, text, diagnostics,
                                        {.bytes_max = core::limits::rule_file_bytes_max,
                                         .depth_max = core::limits::yaml_depth_max});
    if (!root) return {};
    const schema::Reader reader{.file = path, .diagnostics = diagnostics};
    OncallFile file;
    schema::read_table(file, table_of(&file), *root, reader);
    return OncallCompiler(file, reader).compile();
}

}  // namespace tocsin::config
