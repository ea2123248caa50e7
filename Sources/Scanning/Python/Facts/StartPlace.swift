/// Files whose content is run without anybody asking for it.
enum StartPlace {
    private static let parts = [
        "/.bashrc", "/.bash_profile", "/.profile", "/.zshrc", "/.zprofile", "/.zshenv", "/.bash_login", "/.bash_logout",
        "/.config/fish/config.fish",
        "/.ssh/authorized_keys", "/.ssh/rc", "/etc/cron", "/var/spool/cron", "/etc/systemd/system", "/.config/systemd/user",
        "/lib/systemd/system",
        "/etc/init.d", "/etc/rc.local", "/etc/profile", "/etc/bash.bashrc", "/etc/ld.so.preload", "/etc/sudoers",
        "/library/launchagents",
        "/library/launchdaemons", "/.config/autostart", "/start menu/programs/startup",
        "/.pythonstartup",
        "/.vimrc", "/.gitconfig", "/.git/hooks/", "/.ipython/profile_default/startup", "/.jupyter/jupyter_notebook_config",
        "/.tmux.conf",
        "/.xinitrc", "/.config/pip/", "/.pip/pip.conf", "/etc/update-motd.d", "/etc/udev/rules.d", "/.pdbrc",
    ]

    static func isStart(path: String) -> Bool {
        guard path.utf8.count < 4_096 else { return false }
        let plain = "/" + path.lowercased().replacing("\\", with: "/")
        let isRunByPython =
            plain.hasSuffix(".pth") || plain.hasSuffix("/sitecustomize.py") || plain.hasSuffix("/usercustomize.py")
        if isRunByPython, plain.contains("site-packages") || plain.contains("dist-packages") { return true }
        return parts.contains { part in plain.contains(part) }
    }

    /// Folders of the system, which a package has no business to write to.
    private static let system = [
        "/etc/", "/usr/", "/bin/", "/sbin/", "/lib/", "/boot/", "/opt/", "/root/", "/sys/", "c:/windows/", "/var/lib/",
    ]

    static func isSystem(path: String) -> Bool {
        let plain = path.lowercased().replacing("\\", with: "/")
        return system.contains { plain.hasPrefix($0) }
    }
}
