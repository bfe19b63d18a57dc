/** 听 and 说, where the browser can. Both are looked for, never taken for granted. */

interface Recognition {
  lang: string;
  interimResults: boolean;
  start(): void;
  stop(): void;
  abort(): void;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
}

type Recogniser = new () => Recognition;

function chineseVoice(): SpeechSynthesisVoice | undefined {
  return speechSynthesis.getVoices().find((voice) => /^(zh|cmn)/i.test(voice.lang));
}

/** Reads replies aloud; `able` becomes true once the browser has named a Chinese voice. */
export class Reader {
  able = false;
  /** What is being read. */
  now: unknown = null;

  constructor(private readonly changed: () => void) {
    if (typeof speechSynthesis === "undefined" || typeof SpeechSynthesisUtterance === "undefined") return;
    const look = (): void => {
      this.able = !!chineseVoice();
      changed();
    };
    // the list of voices is often empty at first
    speechSynthesis.addEventListener?.("voiceschanged", look);
    look();
  }

  /** Read `text`; the same `what` again stops it. */
  toggle(what: unknown, text: string): void {
    const was = this.now;
    this.stop();
    if (was === what) return;
    this.now = what;
    // by sentences: some browsers fall silent after fifteen seconds of one utterance
    const sentences = text.match(/[^。！？；\n]+[。！？；]?/g) || [text];
    sentences.forEach((sentence, at) => {
      const spoken = new SpeechSynthesisUtterance(sentence);
      spoken.voice = chineseVoice() || null;
      spoken.lang = spoken.voice ? spoken.voice.lang : "zh-CN";
      spoken.rate = 0.9;
      if (at === sentences.length - 1) {
        spoken.onend = spoken.onerror = () => {
          if (this.now === what) this.now = null;
          this.changed();
        };
      }
      speechSynthesis.speak(spoken);
    });
    this.changed();
  }

  stop(): void {
    this.now = null;
    if (this.able) speechSynthesis.cancel();
    this.changed();
  }
}

/** Turns spoken words into text. */
export class Ear {
  able: boolean;
  open = false;
  private recognition: Recognition | null = null;
  private readonly recogniser: Recogniser | undefined;

  constructor(private readonly changed: () => void) {
    const names = window as unknown as { SpeechRecognition?: Recogniser; webkitSpeechRecognition?: Recogniser };
    this.recogniser = names.SpeechRecognition || names.webkitSpeechRecognition;
    this.able = !!this.recogniser && window.isSecureContext !== false;
  }

  /** Listen, or stop listening. `heard` gets the words so far, `failed` a sentence for the person. */
  toggle(heard: (text: string) => void, failed: (words: string) => void): void {
    if (this.open) {
      this.recognition?.stop();
      return;
    }
    const recognition = new this.recogniser!();
    this.recognition = recognition;
    recognition.lang = "zh-CN";
    recognition.interimResults = true;
    recognition.onresult = ({ results }) => heard(Array.from(results, (one) => one[0].transcript).join(""));
    recognition.onerror = ({ error }) => {
      if (error === "no-speech") failed("没有听到声音，请再说一次。");
      else if (error !== "aborted") {
        // no leave for the microphone, or recognition out of reach (abroad, say): offering it again helps nobody
        this.able = false;
        failed("这里用不了语音，请打字。");
      }
    };
    recognition.onend = () => {
      this.open = false;
      this.changed();
    };
    try {
      recognition.start();
      this.open = true;
    } catch (error) {
      this.able = false;
    }
    this.changed();
  }

  close(): void {
    this.recognition?.abort();
  }
}
