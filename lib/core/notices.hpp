#pragma once
// Notices: telling named people something that they need not answer, through a pager of persons.

#include <string>
#include <vector>

#include "core/draft.hpp"

namespace tocsin::core {

/// Orders one notice (Action::notify) to each of them, by the first pager of `use.page` that
/// reaches that person; who cannot be reached that way is left out. `text` is one sentence.
/// Returns the names of those who were told.
std::vector<std::string> notify(Draft& draft, const Incident& incident,
                                const std::vector<std::string>& people, const std::string& text);

/// The same to the lead; when they cannot be reached so, to who acknowledged, else to who is on
/// call. Returns who was told.
std::vector<std::string> tell_lead(Draft& draft, const Incident& incident, const std::string& text);

/// The same about something that is no incident (maintenance, a hand-over): `title` heads it, and
/// the announcing integrations hear it too where `announced` is set.
void notify_outside(Draft& draft, const std::vector<std::string>& people, const std::string& title,
                    const std::string& text, bool announced);

/// `engineer-a, engineer-b`; "nobody" for none.
[[nodiscard]] std::string join_names(const std::vector<std::string>& names);

}  // namespace tocsin::core
