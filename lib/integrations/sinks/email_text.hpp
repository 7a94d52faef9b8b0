#pragma once
// What a mail about an incident says: subject, text, and the ids that keep its thread together.

#include <string>
#include <string_view>
#include <vector>

#include "core/effect.hpp"
#include "integrations/registry.hpp"

namespace tocsin::integrations {

/// `[critical] INC-7 Event ingestion is behind`; answers within the thread begin with `Re:`.
[[nodiscard]] std::string mail_subject(const core::Effect& effect);

/// Plain text, lines ending in \n: what happened first, then the evidence, then what to do.
[[nodiscard]] std::string mail_text(const core::Effect& effect, const SinkContext& context);

/// `<INC-7.0123456789abcdef0123456789abcdef@DOMAIN>`: the same for every try of this effect, and
/// another one for another integration, whose mail is no repetition.
[[nodiscard]] std::string message_id(const core::Effect& effect, std::string_view domain);

/// What the mail replies to: an id that all mails of the incident name (no mail has it), then the
/// first mail of this page, unless this is that one. Empty for what belongs to no incident.
[[nodiscard]] std::vector<std::string> thread_of(const core::Effect& effect,
                                                 std::string_view domain);

}  // namespace tocsin::integrations
