// The icons in use, each with one meaning. They are decoration: what they stand beside says the same in words.
import {
  Activity,
  ArrowLeftRight,
  CalendarClock,
  Check,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  ChevronUp,
  CircleHelp,
  Columns3,
  Copy,
  Ellipsis,
  ExternalLink,
  Eye,
  EyeOff,
  FlaskConical,
  FolderKanban,
  GitPullRequest,
  GripVertical,
  History,
  House,
  Info,
  KeyRound,
  List,
  Lock,
  type LucideIcon,
  Menu,
  MessageSquare,
  Minus,
  Monitor,
  Play,
  Plus,
  Radio,
  Recycle,
  ScrollText,
  Search,
  Settings,
  Star,
  TrendingUp,
  TriangleAlert,
  User,
  Users,
  X,
} from "lucide-react";
import styles from "./Icon.module.css";

const icons = {
  add: Plus,
  audit: ScrollText,
  back: ChevronLeft,
  check: Check,
  minus: Minus,
  cleanup: Recycle,
  close: X,
  columns: Columns3,
  compare: ArrowLeftRight,
  copy: Copy,
  down: ChevronDown,
  evaluations: Activity,
  experiments: FlaskConical,
  external: ExternalLink,
  comment: MessageSquare,
  flags: List,
  forward: ChevronRight,
  grip: GripVertical,
  help: CircleHelp,
  hide: EyeOff,
  history: History,
  home: House,
  info: Info,
  key: KeyRound,
  lock: Lock,
  menu: Menu,
  monitor: Monitor,
  more: Ellipsis,
  person: User,
  play: Play,
  projects: FolderKanban,
  relays: Radio,
  requests: GitPullRequest,
  rollouts: TrendingUp,
  schedules: CalendarClock,
  search: Search,
  segments: Users,
  settings: Settings,
  show: Eye,
  star: Star,
  up: ChevronUp,
  warning: TriangleAlert,
} satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof icons;

export function Icon({ name }: { name: IconName }) {
  const Drawn = icons[name];
  const is_directed = name === "back" || name === "forward";
  return (
    <Drawn
      aria-hidden
      size={16}
      strokeWidth={1.75}
      className={is_directed ? `${styles.icon} ${styles.directed}` : styles.icon}
    />
  );
}
