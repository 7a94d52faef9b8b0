// Configures and starts the real mail server, and reads its maildir.

#include "support/mail_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "support/raw_socket.hpp"
#include "support/shared_data.hpp"

namespace tocsin::support {

namespace {

int port_that_was_free() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound =
        ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
    ::close(socket);
    return bound ? ntohs(address.sin_port) : 0;
}

constexpr auto rules = R"(
begin acl
to:
  deny    message = no such user
          local_parts = nobody
  defer   message = greylisted, come back later
          local_parts = grey
          condition = ${if !exists{FOLDER/lifted}}
  deny    message = log in first
          local_parts = private
          !authenticated = *
  deny    message = relaying is not permitted
          !domains = example.com
  accept

begin routers
all:
  driver = accept
  transport = box

begin transports
box:
  driver = appendfile
  maildir_format
  directory = FOLDER/mail
  create_directory = false
  envelope_to_add
  return_path_add
  user = UID
  group = GID
  mode = 0644

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{USER_NAME}}{eq{$auth3}{PASSWORD}}}}
  server_set_id = $auth2
)";

}  // namespace

MailServer::MailServer(const std::string& program, const Settings& settings)
    : port_(port_that_was_free()), tls_port_(port_that_was_free()) {
    namespace fs = std::filesystem;
    // Exim delivers as another user when it runs as root.
    fs::permissions(folder_.path(), fs::perms(0711));
    for (const char* name : {"mail", "mail/new", "mail/cur", "mail/tmp"}) {
        fs::create_directory(folder_.path() / name);
        fs::permissions(folder_.path() / name, fs::perms::all);
    }
    fs::create_directory(folder_.path() / "spool");
    const auto file = folder_.path() / "exim.conf";
    write_file(file, config(program, settings));
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);  // Exim insists
    process_ = Process({program, "-C", file.string(), "-bdf"}, folder_.path() / "output");
    ready_ = eventually([&] {
                 test::RawSocket socket;
                 return process_.status().has_value() ||
                        (socket.connect(port_) && socket.read_some().starts_with("220"));
             }) &&
             !process_.status().has_value();
}

std::string MailServer::config(const std::string& program, const Settings& settings) const {
    const bool tls = !settings.certificate.empty();
    std::string ports = std::to_string(port_);
    if (tls) ports += " : " + std::to_string(tls_port_);
    std::string text =
        "FOLDER = " + folder_.path().string() + "\nUSER_NAME = " + settings.user_name +
        "\nPASSWORD = " + settings.password +
        "\nUID = " + std::to_string(::getuid() == 0 ? 1 : ::getuid()) +
        "\nGID = " + std::to_string(::getuid() == 0 ? 1 : ::getgid()) + "\nexim_path = " + program +
        "\nexim_user = " + std::to_string(::getuid()) +
        "\nexim_group = " + std::to_string(::getgid()) +
        "\nkeep_environment =\nspool_directory = FOLDER/spool\nlog_file_path = FOLDER/%slog\n"
        "pid_file_path = FOLDER/pid\nprimary_hostname = mail.example.com\n"
        "local_interfaces = 127.0.0.1\ndaemon_smtp_ports = " +
        ports +
        "\nauth_advertise_hosts = *\nhost_lookup =\nrfc1413_hosts =\nnever_users =\n"
        "message_size_limit = 1M\nacl_smtp_rcpt = to\n";
    if (tls) {
        text += "tls_advertise_hosts = *\ntls_on_connect_ports = " + std::to_string(tls_port_) +
                "\ntls_certificate = " + settings.certificate +
                "\ntls_privatekey = " + settings.key + "\n";
    } else {
        text += "tls_advertise_hosts =\n";
    }
    return text + rules;
}

std::string MailServer::url() const {
    return "smtp://127.0.0.1:" + std::to_string(port_);
}

std::string MailServer::tls_url() const {
    return "smtps://127.0.0.1:" + std::to_string(tls_port_);
}

std::vector<ReadMail> MailServer::mails() const {
    namespace fs = std::filesystem;
    std::vector<fs::path> files;  // their names begin with the second and microsecond
    for (const auto& entry : fs::directory_iterator(folder_.path() / "mail" / "new")) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<ReadMail> mails;
    for (const fs::path& file : files) mails.emplace_back(read_file(file));
    return mails;
}

std::vector<ReadMail> MailServer::wait_for(std::size_t count) const {
    eventually([&] { return mails().size() >= count; });
    return mails();
}

void MailServer::lift_greylisting() const {
    write_file(folder_.path() / "lifted", "");
}

std::string MailServer::log() const {
    return read_file(folder_.path() / "mainlog") + read_file(folder_.path() / "output");
}

std::optional<std::string> mail_server_program() {
    return peer_program({"exim4"});
}

}  // namespace tocsin::support
