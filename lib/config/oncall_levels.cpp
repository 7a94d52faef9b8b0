// Finds levels of the escalation that ask nobody, or nobody whom a pager reaches.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/expand.hpp"
#include "config/oncall_file.hpp"
#include "config/zones.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

using Names = std::vector<std::string>;

/// The beginnings of all shifts: between two of them no level changes.
std::vector<Instant> hand_overs(const core::Roster& roster) {
    std::vector<Instant> instants{roster.expanded.from};
    for (const core::Schedule& schedule : roster.schedules) {
        for (const core::Shift& shift : schedule.shifts) instants.push_back(shift.span.from);
    }
    std::sort(instants.begin(), instants.end());
    instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
    return instants;
}

class LevelsChecker {
public:
    LevelsChecker(const OncallFile& file, const core::Roster& roster,
                  const std::vector<core::Pager>& pagers, const schema::Reader& reader)
        : file_(file), roster_(roster), reader_(reader), instants_(hand_overs(roster)) {
        for (const core::Pager& pager : pagers) {
            if (pager.reach == core::Reach::person) pagers_.push_back(pager);
        }
    }

    void check() {
        for (std::size_t i = 0; i < file_.escalation.size(); ++i) check_level(i);
        if (pagers_.empty()) return;
        if (file_.escalation.empty()) {
            for (const core::Person& person : roster_.people) asked_.insert(person.name);
        }
        for (const PersonRow& row : file_.people) {
            const core::Person* person = roster_.find(row.name.value);
            if (asked_.count(row.name.value) == 0 || person == nullptr || reaches(*person)) {
                continue;
            }
            reader_.warning(row.name.at,
                            "no pager of `use.page` reaches `" + truncate(person->name, 80) +
                                "`, who is in an escalation",
                            "give them an address, such as `email:`");
        }
    }

private:
    void check_level(std::size_t index) {
        const Position at = file_.escalation[index].at;
        const std::set<std::string> people = ever_asked(roster_.escalation[index]);
        if (people.empty()) {
            reader_.error(at, "nobody is in this level at any time",
                          "name a team or person that has somebody, or take the level out");
            return;
        }
        if (const auto empty = first_empty(roster_.escalation[index])) {
            reader_.warning(at, "nobody is in this level at times, first from " + moment(*empty) +
                                    " UTC; the next one is asked then");
        }
        asked_.insert(people.begin(), people.end());
        const bool any = std::any_of(people.begin(), people.end(), [&](const std::string& name) {
            const core::Person* person = roster_.find(name);
            return person != nullptr && reaches(*person);
        });
        if (any || pagers_.empty()) return;
        reader_.warning(at, "no pager of `use.page` reaches anybody of this level");
    }

    [[nodiscard]] static bool is_fixed(const core::Target& target) {
        return target.kind == core::Target::Kind::person || target.kind == core::Target::Kind::team;
    }

    [[nodiscard]] std::set<std::string> ever_asked(const core::Level& level) const {
        std::set<std::string> people;
        for (const core::Target& target : level.notify) {
            const core::Schedule* schedule = roster_.schedule(target.name);
            if (is_fixed(target) || schedule == nullptr) {
                for (const auto& name : roster_.resolve(target, Instant())) people.insert(name);
                continue;
            }
            for (const core::Shift& shift : schedule->shifts) {
                const bool others = target.kind == core::Target::Kind::others;
                const Names& names = others ? shift.others : shift.people;
                people.insert(names.begin(), names.end());
            }
        }
        return people;
    }

    [[nodiscard]] std::optional<Instant> first_empty(const core::Level& level) const {
        for (const Instant instant : instants_) {
            const auto asks = [&](const core::Target& target) {
                return !roster_.resolve(target, instant).empty();
            };
            if (std::none_of(level.notify.begin(), level.notify.end(), asks)) return instant;
            if (std::any_of(level.notify.begin(), level.notify.end(),
                            [&](const auto& target) { return is_fixed(target) && asks(target); })) {
                return std::nullopt;  // at no other instant either
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool reaches(const core::Person& person) const {
        return std::any_of(pagers_.begin(), pagers_.end(), [&](const core::Pager& pager) {
            return !person.address(pager.address).empty();
        });
    }

    const OncallFile& file_;
    const core::Roster& roster_;
    const schema::Reader& reader_;
    std::vector<Instant> instants_;
    std::vector<core::Pager> pagers_;
    std::set<std::string> asked_;
};

}  // namespace

void check_levels(const OncallFile& file, const Oncall& oncall,
                  const std::vector<core::Pager>& pagers, const schema::Reader& reader) {
    std::size_t names = 0;
    for (std::size_t i = 0; i < oncall.schedules.size(); ++i) {
        names += shift_names_of(oncall.schedules[i]);
        if (names <= core::limits::shift_names_max) continue;
        reader.error(file.schedules[i].at,
                     "too many hand-overs of too many people: the shifts of all schedules would "
                     "hold more than " +
                         std::to_string(core::limits::shift_names_max) + " names",
                     "let turns be longer, or leave out layers");
        return;
    }
    const core::Roster roster = expand_roster(oncall, year_of_checks);
    LevelsChecker(file, roster, pagers, reader).check();
}

}  // namespace tocsin::config
