// Looks up each name by its form: `owner:X`, `contact:X`, `kind/X`, or a bare name.
#include "config/involved.hpp"

#include <algorithm>

namespace tocsin::config {
namespace {

using Names = std::vector<std::string>;

Names names_of(const NamedTargets& targets) {
    Names names;
    for (const auto& [name, target] : targets) names.push_back(name);
    return names;
}

template <class List>
Names names_in(const List& list) {
    Names names;
    for (const auto& one : list) names.push_back(one.name);
    return names;
}

Names team_names(const Oncall& people) {
    Names names;
    for (const auto& [name, members] : people.teams) names.push_back(name);
    return names;
}

struct Form {
    std::string prefix;
    std::string what;
    Names known;
};

/// What may stand in `involve` and `tell`; the last form is a bare name.
std::vector<Form> forms_of(const Oncall& people) {
    Names bare = team_names(people);
    for (const Names& more : {names_of(people.contacts), names_in(people.people)}) {
        bare.insert(bare.end(), more.begin(), more.end());
    }
    return {{"owner:", "owner", names_of(people.owners)},
            {"contact:", "contact", names_of(people.contacts)},
            {"team/", "team", team_names(people)},
            {"person/", "person", names_in(people.people)},
            {"schedule/", "schedule", names_in(people.schedules)},
            {"", "team, contact or person", std::move(bare)}};
}

void check_name(const Text& text, const std::vector<Form>& forms, const schema::Reader& reader) {
    constexpr std::string_view others = "#others";
    for (const Form& form : forms) {
        if (!text.value.starts_with(form.prefix)) continue;
        std::string name = text.value.substr(form.prefix.size());
        if (form.prefix == "schedule/" && name.ends_with(others)) {
            name.resize(name.size() - others.size());
        }
        if (std::find(form.known.begin(), form.known.end(), name) == form.known.end()) {
            schema::unknown_name(text.at, form.what, name, form.known, reader,
                                 schema::Level::warning);
        }
        return;
    }
}

}  // namespace

void check_involved(const RuleRow& row, const Oncall& people, const schema::Reader& reader) {
    if (row.involve.empty() && row.tell.empty()) return;
    const std::vector<Form> forms = forms_of(people);
    for (const Text& text : row.involve) check_name(text, forms, reader);
    for (const Text& text : row.tell) check_name(text, forms, reader);
}

}  // namespace tocsin::config
