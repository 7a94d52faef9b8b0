// Looks people up: by schedule and instant, team, ownership and level.
#include "core/roster.hpp"

#include <algorithm>

namespace tocsin::core {
namespace {

constexpr std::string_view others_suffix = "#others";

void add_once(std::vector<std::string>& to, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
    }
}

}  // namespace

const std::string& Person::address(Address kind) const {
    switch (kind) {
        case Address::none:
            break;
        case Address::email:
            return email;
        case Address::slack:
            return slack;
        case Address::phone:
            return phone;
        case Address::ntfy:
            return ntfy;
    }
    return name;
}

const Shift* Schedule::at(Instant instant) const {
    auto shift = std::partition_point(shifts.begin(), shifts.end(),
                                      [&](const Shift& one) { return one.span.until <= instant; });
    return shift != shifts.end() && shift->span.contains(instant) ? &*shift : nullptr;
}

std::optional<Target> parse_target(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
    const std::string_view kind = text.substr(0, slash);
    std::string_view name = text.substr(slash + 1);
    if (kind == "team") return Target{Target::Kind::team, std::string(name)};
    if (kind == "person") return Target{Target::Kind::person, std::string(name)};
    if (kind != "schedule") return std::nullopt;
    if (!name.ends_with(others_suffix)) return Target{Target::Kind::schedule, std::string(name)};
    name.remove_suffix(others_suffix.size());
    if (name.empty()) return std::nullopt;
    return Target{Target::Kind::others, std::string(name)};
}

std::string to_string(const Target& target) {
    switch (target.kind) {
        case Target::Kind::schedule:
            return "schedule/" + target.name;
        case Target::Kind::others:
            return "schedule/" + target.name + std::string(others_suffix);
        case Target::Kind::team:
            return "team/" + target.name;
        case Target::Kind::person:
            return "person/" + target.name;
    }
    return {};
}

const Person* Roster::find(std::string_view name) const {
    auto found = std::find_if(people.begin(), people.end(),
                              [&](const Person& person) { return person.name == name; });
    return found == people.end() ? nullptr : &*found;
}

const Schedule* Roster::schedule(std::string_view name) const {
    auto found = std::find_if(schedules.begin(), schedules.end(),
                              [&](const Schedule& one) { return one.name == name; });
    return found == schedules.end() ? nullptr : &*found;
}

std::vector<std::string> Roster::resolve(const Target& target, Instant at) const {
    switch (target.kind) {
        case Target::Kind::person:
            return {target.name};
        case Target::Kind::team: {
            auto team = teams.find(target.name);
            return team == teams.end() ? std::vector<std::string>{} : team->second;
        }
        case Target::Kind::schedule:
        case Target::Kind::others:
            break;
    }
    const Schedule* held = schedule(target.name);
    const Shift* shift = held != nullptr ? held->at(at) : nullptr;
    if (shift == nullptr) return {};
    return target.kind == Target::Kind::schedule ? shift->people : shift->others;
}

std::vector<std::string> Roster::resolve(std::string_view involved, Instant at) const {
    constexpr std::string_view owner = "owner:";
    constexpr std::string_view contact = "contact:";
    const auto in = [&](const auto& targets, std::string_view name) {
        auto found = targets.find(name);
        return found == targets.end() ? std::vector<std::string>{} : resolve(found->second, at);
    };
    if (involved.starts_with(owner)) return in(owners, involved.substr(owner.size()));
    if (involved.starts_with(contact)) return in(contacts, involved.substr(contact.size()));
    if (std::optional<Target> target = parse_target(involved)) return resolve(*target, at);
    if (auto team = teams.find(involved); team != teams.end()) return team->second;
    if (contacts.find(involved) != contacts.end()) return in(contacts, involved);
    if (find(involved) != nullptr) return {std::string(involved)};
    return {};
}

std::vector<std::string> Roster::level(std::size_t level, Instant at) const {
    if (level >= escalation.size()) return everybody();
    std::vector<std::string> names;
    for (const Target& target : escalation[level].notify) add_once(names, resolve(target, at));
    return names;
}

std::vector<std::string> Roster::everybody() const {
    std::vector<std::string> names;
    for (const Person& person : people) names.push_back(person.name);
    return names;
}

std::optional<Instant> Roster::next_handover(Instant after) const {
    if (escalation.empty()) return std::nullopt;
    std::optional<Instant> next;
    for (const Target& target : escalation.front().notify) {
        const Schedule* held =
            target.kind == Target::Kind::schedule ? schedule(target.name) : nullptr;
        const Shift* shift = held != nullptr ? held->at(after) : nullptr;
        if (shift == nullptr) continue;
        const Instant until = shift->span.until;
        if (until < expanded.until && (!next || until < *next)) next = until;
    }
    return next;
}

}  // namespace tocsin::core
