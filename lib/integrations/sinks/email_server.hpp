#pragma once
// The setting `smtp`: the address of a mail server, with a login in it or without.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace tocsin::integrations {

struct MailServer {
    std::string url;  // without the login
    std::string user_name;
    Secret password;
    bool has_login = false;
    bool implicit_tls = false;  // smtps://
    bool is_loopback = false;   // localhost, 127.0.0.0/8, [::1]
};

/// `smtp[s]://[USER[:PASSWORD]@]HOST[:PORT][/NAME]` (RFC 3986: a login in it is percent-encoded).
/// The error never repeats the address.
[[nodiscard]] Result<MailServer> parse_mail_server(std::string_view text);

}  // namespace tocsin::integrations
